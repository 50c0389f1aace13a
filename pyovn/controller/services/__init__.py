"""Answers to packets that the switch sends up: each takes bytes and gives bytes, and no packet makes it raise."""
