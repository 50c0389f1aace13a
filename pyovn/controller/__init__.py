"""The agent of one host: southbound rows in, OpenFlow and bindings out."""
