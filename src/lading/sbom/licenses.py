"""Licences as packages state them, into SPDX licence expressions where they are such.

Expressions: https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/. What is none is
kept as it is written; nothing is guessed.
"""

from functools import cache
from typing import Any

_LONGEST = 400  # characters of an expression
_DEEPEST = 20  # parentheses


@cache
def expression(text: str) -> str | None:
    """Return the expression with its ids spelled as SPDX does; None when the text is none."""
    if len(text) > _LONGEST or text.count("(") > _DEEPEST or not text.isascii():
        return None
    from boolean import ParseError
    from license_expression import ExpressionError

    try:
        found = _licensing().parse(text, validate=True, strict=True)
    except (ExpressionError, ParseError):
        return None
    normal = str(found) if found is not None else ""
    return None if not normal or "LicenseRef-" in normal else normal


@cache
def _licensing() -> Any:
    from license_expression import get_spdx_licensing

    return get_spdx_licensing()
