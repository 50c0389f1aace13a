"""What stands between wires and logical ports: the tables that are not logical flows."""
