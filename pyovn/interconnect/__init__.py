"""What joins availability zones: each zone's daemon tells the databases that all share what it has, and its own what others have."""
