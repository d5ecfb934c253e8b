"""A result to package URLs, one a line.

Specification of a line: https://github.com/package-url/purl-spec
"""

from lading.model.result import Result
from lading.sbom.identity import purl_with_source


def write(result: Result) -> str:
    """Return the package URLs, each once and in order; packages without one are a comment."""
    urls = sorted({purl_with_source(package) for package in result.packages if package.purl})
    nameless = sum(not package.purl for package in result.packages)
    lines = [*urls, *([f"# packages without a package URL: {nameless}"] if nameless else [])]
    return "".join(f"{line}\n" for line in lines) or "# no packages\n"
