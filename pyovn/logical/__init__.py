"""The language of logical flows: parse, simplify, evaluate on a packet, compile to OpenFlow."""
