"""The only package that touches the world: clocks, sockets, devices, processes."""
