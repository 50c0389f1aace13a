"""What every database command line has in common: its grammar, its rows, its transaction, its database commands."""
