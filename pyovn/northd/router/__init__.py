"""Features of logical routers: one module each, generators of flows."""
