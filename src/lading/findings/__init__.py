"""Matches in, findings out: one for each (vulnerability, package), every source kept beside it.

`names` says what a record speaks of and joins aliases; `claims` settles what a version comparison
does not see; `merge` makes the findings.
"""

from lading.findings.claims import Claim, claims
from lading.findings.merge import merge
from lading.findings.names import Register, vulnerability_names

__all__ = ["Claim", "Register", "claims", "merge", "vulnerability_names"]
