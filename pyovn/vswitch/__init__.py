"""The embedded switch, driven by the Open_vSwitch database and OpenFlow."""
