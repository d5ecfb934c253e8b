"""A result in, a verdict out: what breaches the rules, and which rule decided.

`reading` makes rules of a file, `rule` says what one means, `items` lists what of the coverage can
be judged, `judging` holds a result against policies.
"""

from lading.policy.judging import judge
from lading.policy.policy import Evaluation, Policy, from_flags
from lading.policy.reading import read_policy

__all__ = ["Evaluation", "Policy", "from_flags", "judge", "read_policy"]
