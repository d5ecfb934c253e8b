"""The nouns: frozen values that every room passes on. No reading, parsing or rendering here.

One file per noun; import a value from the file that defines it.
"""
