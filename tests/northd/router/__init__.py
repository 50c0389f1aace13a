"""Tests of routers' features, one module each."""
