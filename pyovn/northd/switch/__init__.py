"""Features of logical switches: one module each, generators of flows."""
