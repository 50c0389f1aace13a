"""The actions of logical flows, one class each: `format` prints it, `encode` makes it OpenFlow, `read` parses it."""
