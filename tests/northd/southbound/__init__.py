"""Tests of southbound rows."""
