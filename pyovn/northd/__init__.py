"""The compiler: northbound rows in, southbound rows out."""
