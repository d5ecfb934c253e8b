"""Matches in, findings out: one for each (vulnerability, package), every source kept beside it.

`names` says what a record speaks of and joins aliases; `merge` makes the findings.
"""

from lading.findings.merge import merge
from lading.findings.names import vulnerability_names

__all__ = ["merge", "vulnerability_names"]
