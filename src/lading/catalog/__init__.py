"""Files in, packages out: one module per package manager.

To add one: write `catalog/<name>.py`, add it to CATALOGERS.
"""
