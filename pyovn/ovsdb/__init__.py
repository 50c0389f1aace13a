"""The database: RFC 7047 and its extensions, as values and machines."""
