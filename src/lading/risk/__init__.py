"""How bad: from what advisories say of severity to one rating with its score.

`severity` chooses among sources; `cvss` reads the vectors.
"""
