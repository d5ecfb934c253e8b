"""An explanation to sentences, and to JSON (`lading.explain/1`).

docs/json.md says what the members mean; all are present, `null` where they are unknown.
"""

from collections.abc import Iterator

import msgspec

from lading.findings.explaining import some
from lading.model.explanation import Answered, Explanation
from lading.model.finding import Finding
from lading.model.image import Image
from lading.model.match import Answer
from lading.report.layout import Cell, Page, Style, sentence
from lading.report.text import json_plain

SCHEMA = "lading.explain/1"

_VERDICTS = {
    Answer.AFFECTED: ("affected", Style.BAD),
    Answer.UNKNOWN: ("could not be compared", Style.WARNING),
    Answer.NOT_AFFECTED: ("not affected", Style.GOOD),
}


def render_text(explanation: Explanation, *, target: str, width: int, color: bool) -> str:
    """Return the explanation in words, for a page of `width` columns."""
    page = Page(width=width, color=color)
    lines = page.lines([Cell(explanation.asked, style=Style.STRONG), Cell("in"), Cell(target)])
    if explanation.names:
        lines += page.lines(sentence(f"Also known as {', '.join(explanation.names)}."))
    lines += page.lines(sentence(_verdict(explanation)))
    for reason in explanation.reasons:
        lines += page.lines(sentence(f"- {reason.text}"))
    for answered in explanation.answers:
        lines += ["", *_answered(answered, explanation.image, page)]
    if explanation.records:
        lines += ["", *page.lines([Cell("Records", style=Style.STRONG)])]
    for record in explanation.records:
        state = f", withdrawn {record.withdrawn[:10]}" if record.withdrawn else ""
        dated = f", modified {record.modified[:10]}" if record.modified else ""
        text = f"{record.id} of {record.feed}{dated}{state}: {some(record.about)}"
        lines += page.lines(sentence(text), indent=2)
    return "\n".join(lines) + "\n"


def _verdict(explanation: Explanation) -> str:
    found = [one for one in explanation.answers if one.finding is not None]
    counting = {
        one.package.id for one in found if one.finding is not None and not one.finding.suppressed
    }
    if counting:
        return f"It is reported for {_packages(len(counting))}."
    if found:
        return "It is reported, and does not count:"
    return "It is not reported:"


def _packages(number: int) -> str:
    return f"{number} package" if number == 1 else f"{number} packages"


def _answered(one: Answered, image: Image, page: Page) -> list[str]:
    text, style = _VERDICTS[one.answer]
    if one.finding is None and one.answer is not Answer.NOT_AFFECTED:
        text, style = f"{text}, not reported", Style.WARNING
    package = one.package
    head = [Cell(package.name, style=Style.STRONG), Cell(package.version or "no version")]
    lines = page.lines([*head, Cell(package.type, style=Style.FAINT), Cell(text, style=style)])
    for name, said in _facts(one, image):
        lines += page.lines([Cell(name.ljust(9), style=Style.FAINT), *sentence(said)], indent=2)
    return lines


def _facts(one: Answered, image: Image) -> Iterator[tuple[str, str]]:
    package = one.package
    yield "record", f"{one.record} of {one.feed}"
    yield "rule", one.rule or "the record says no more"
    if one.finding is not None:
        yield from _finding(one.finding)
    yield "where", some(package.paths)
    if package.layer is not None:
        yield "layer", _layer(package.layer, image)
    if package.owner is not None:
        yield "owner", package.owner
    if one.chain:
        yield "asked by", " → ".join(one.chain)


def _finding(finding: Finding) -> Iterator[tuple[str, str]]:
    score = "" if finding.score is None else f", score {finding.score}"
    yield "severity", f"{finding.severity}{score}"
    versions = f": {', '.join(finding.fix.versions)}" if finding.fix.versions else ""
    yield "fix", f"{finding.fix.state}{versions}"
    if finding.kev is not None:
        yield "exploited", f"known since {finding.kev.added}"


def _layer(index: int, image: Image) -> str:
    by = next((one.created_by for one in image.layers if one.index == index), None)
    return f"{index}" if by is None else f"{index}: {by}"


def render_json(explanation: Explanation, *, target: str) -> str:
    """Return the JSON text, ending in a newline; sorted, the same bytes for the same values."""
    layers = {layer.index: layer.created_by for layer in explanation.image.layers}
    tree = {
        "schema": SCHEMA,
        "target": target,
        "asked": explanation.asked,
        "names": explanation.names,
        "reported": any(
            one.finding is not None and one.finding.suppressed is None
            for one in explanation.answers
        ),
        "reasons": explanation.reasons,
        "records": explanation.records,
        "answers": [
            {
                "package": one.package.id,
                "name": one.package.name,
                "version": one.package.version,
                "type": one.package.type,
                "paths": one.package.paths,
                "layer": one.package.layer,
                "instruction": layers.get(-1 if one.package.layer is None else one.package.layer),
                "owner": one.package.owner,
                "chain": one.chain,
                "answer": one.answer,
                "record": one.record,
                "feed": one.feed,
                "rule": one.rule,
                "finding": one.finding,
            }
            for one in explanation.answers
        ],
    }
    data = msgspec.json.encode(tree, order="sorted")
    return json_plain(msgspec.json.format(data, indent=2).decode()) + "\n"
