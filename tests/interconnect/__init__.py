"""Tests of what joins availability zones."""
