"""Memoized queries whose reads are recorded, so that work after a change is proportional to the change."""
