"""Tests of the flows of switches."""
