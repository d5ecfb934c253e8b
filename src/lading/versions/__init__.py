"""Which version comes first: one module per scheme, each a function from text to something that sorts.

To add one: write `versions/<name>.py` with `key(text)`, add it to SCHEMES.
"""
