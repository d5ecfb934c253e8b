"""Lading: what is in a container image, what in it is dangerous, and what nobody can see in it."""

__version__ = "0.1.0"
