"""A whole network in one process, on virtual time, without root."""
