"""Headers, bytes to values and back, one protocol a file; and a packet as the fields a switch matches on."""
