"""Southbound rows that are not flows, and how wanted rows become operations."""
