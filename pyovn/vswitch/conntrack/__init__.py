"""Connection tracking: which connection a packet belongs to, in which direction, and how its addresses are translated."""
