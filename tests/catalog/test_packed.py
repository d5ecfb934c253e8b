"""Executables that UPX packed, by the marks that it leaves."""

import pytest

from builders import damaged, reading
from lading.catalog.packed import PACKED
from programs import a_macho, a_pe, an_elf

TOOL = "/usr/local/bin/tool"
INFO = bytes(4) + b"UPX!" + bytes(4) + b"\x0d\x16"


@pytest.mark.parametrize("data", [
    pytest.param(an_elf({".text": INFO + bytes(90)}, named=False), id="ELF, after its headers"),
    pytest.param(an_elf({".text": bytes(2000)}, named=False) + b"UPX!" + bytes(28),
                 id="ELF, at its end"),
    pytest.param(a_pe({"UPX0": b"", "UPX1": b"packed"}), id="PE"),
    pytest.param(a_macho({"__text": b"x" + INFO}), id="Mach-O"),
])  # fmt: skip
def test_what_a_packed_executable_holds_cannot_be_seen(data: bytes) -> None:
    assert reading(PACKED, TOOL, data) == (
        [], f"{TOOL}: packed by UPX: what it holds cannot be seen"
    )  # fmt: skip


@pytest.mark.parametrize("data", [
    pytest.param(an_elf({".text": b"code"}), id="ELF"),
    pytest.param(an_elf({".rodata": INFO}), id="ELF that speaks of UPX, as UPX does"),
    pytest.param(an_elf({".text": bytes(4000) + INFO + bytes(4000)}, named=False), id="inside"),
    pytest.param(a_pe({".text": b"UPX!"}), id="PE"),
    pytest.param(a_macho({"__text": bytes(8000) + INFO}), id="Mach-O"),
    pytest.param(b"", id="empty"),
])  # fmt: skip
def test_other_executables_are_not_packed(data: bytes) -> None:
    assert reading(PACKED, TOOL, data) == ([], "")


def test_damaged_executables_raise_nothing_unforeseen() -> None:
    for broken in damaged(a_pe({"UPX0": b"x"})):
        reading(PACKED, TOOL, broken)
