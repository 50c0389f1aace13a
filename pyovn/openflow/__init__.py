"""OpenFlow with Open vSwitch's extensions: values, bytes and text."""
