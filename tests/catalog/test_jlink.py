"""Images of Java modules: those that jlink makes, and hostile ones built from their description."""

import shutil
import subprocess
from pathlib import Path
from struct import pack

import pytest

from builders import damaged, packages_of, reading
from lading.catalog.jdk import JDK
from lading.catalog.jlink import JLINK, has_others, module_version
from lading.model.package import Certainty, Evidence

IMAGE = "/opt/app/lib/modules"
RESOURCES = {
    ("java.base", "java/lang", "Object"): b"Java's",
    ("org.example.app", "", "module-info"): b"no class",
    ("org.example.app", "org/example", "Main"): b"a class",
}


def an_image(resources: dict[tuple[str, str, str], bytes], *, order: str = "<",
             packed: int = 0) -> bytes:  # fmt: skip
    """Locations of classes by module, folder and name, and what they hold."""
    texts, rows, contents = b"\0class\0", b"\0", b""
    offsets = []
    for names, body in resources.items():
        places = []
        for name in names:
            places.append(len(texts) if name else 0)
            texts += name.encode() + b"\0" if name else b""
        offsets.append(len(rows))
        numbers = (*places, 1, len(contents), packed, len(body))
        for kind, number in enumerate(numbers, start=1):
            rows += bytes([kind << 3 | 3]) + number.to_bytes(4, "big")
        rows += b"\0"
        contents += body
    count = len(offsets)
    head = pack(f"{order}7I", 0xCAFEDADA, 1 << 16, 0, count, count, len(rows), len(texts))
    table = pack(f"{order}{count}i", *[0] * count) + pack(f"{order}{count}I", *offsets)
    return head + table + rows + texts + contents


@pytest.mark.parametrize("order", ["<", ">"])
def test_modules_of_others_than_java_are_listed_as_inferred(order: str) -> None:
    [found] = packages_of(JLINK, IMAGE, an_image(RESOURCES, order=order))

    assert (found.type, found.name, found.version) == ("maven", "org.example.app", None)
    assert (found.evidence, found.certainty) == (Evidence.BUNDLED, Certainty.INFERRED)


@pytest.mark.parametrize("data", [b"", b"loop\nbtrfs\n", b"\xca\xfe\xba\xbe"])
def test_other_files_of_this_name_are_left_alone(data: bytes) -> None:
    assert packages_of(JLINK, IMAGE, data) == []


def test_packed_classes_are_told() -> None:
    facts, error = reading(JLINK, IMAGE, an_image(RESOURCES, packed=3))

    assert len(facts) == 1
    assert error == f"{IMAGE}: classes of 1 modules are packed, so not read"


def test_a_table_longer_than_the_file_is_a_problem() -> None:
    data = an_image(RESOURCES)

    for cut in (data[:20], data[:60], data[:12] + b"\xff" * 8 + data[20:]):
        assert reading(JLINK, IMAGE, cut) == ([], f"{IMAGE}: its table of modules is damaged")


def test_modules_said_to_be_huge_are_a_problem() -> None:
    data = an_image(RESOURCES).replace(bytes([7 << 3 | 3]) + pack(">I", 7), b"\x3b\x7f\xff\xff\xff")

    assert reading(JLINK, IMAGE, data) == (
        [], f"{IMAGE}: its modules are too large to be looked at"
    )  # fmt: skip


@pytest.mark.parametrize("data", [b"", b"\xca\xfe\xba\xbe" + bytes(20), b"\xff" * 40])
def test_what_is_no_class_states_no_version(data: bytes) -> None:
    assert module_version(data) is None


def test_damaged_images_raise_nothing_unforeseen() -> None:
    for broken in damaged(an_image(RESOURCES)):
        reading(JLINK, IMAGE, broken)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("jlink") is None, reason="the JDK's jlink is not installed")
def test_what_jlink_links_is_a_runtime_and_the_modules_in_it(tmp_path: Path) -> None:
    source = tmp_path / "src/org.example.app"
    (source / "org/example").mkdir(parents=True)
    (source / "module-info.java").write_text("module org.example.app { exports org.example; }\n")
    (source / "org/example/Main.java").write_text("package org.example;\npublic class Main { }\n")
    classes, image = tmp_path / "classes", tmp_path / "image"
    for command, *options in (
        ("javac", "--module-version", "1.2.3", "-d", classes, source / "module-info.java",
         source / "org/example/Main.java"),
        ("jlink", "--module-path", classes, "--add-modules", "org.example.app", "--output", image),
    ):  # fmt: skip
        program = shutil.which(str(command)) or ""
        subprocess.run([program, *map(str, options)], check=True, capture_output=True)

    [runtime] = packages_of(JDK, "/opt/app/release", (image / "release").read_bytes())
    [module] = packages_of(JLINK, IMAGE, (image / "lib/modules").read_bytes())

    assert (runtime.name, module.name, module.version) == ("jre", "org.example.app", "1.2.3")


@pytest.mark.parametrize(
    ("resources", "answer"),
    [
        ({("java.base", "java/lang", "Object.class"): b"x"}, False),
        ({("jdk.net", "a", "B.class"): b"x", ("com.acme", "a", "C.class"): b"x"}, True),
    ],
    ids=["Java's own", "and others"],
)
def test_a_glance_tells_whether_there_are_modules_of_others(
    resources: dict[tuple[str, str, str], bytes], answer: bool
) -> None:
    assert has_others(an_image(resources)) is answer


def test_a_glance_at_tables_that_go_on_tells_nothing() -> None:
    image = an_image({("java.base", "java/lang", "Object.class"): b"x"})

    assert has_others(image[:40])
    assert not has_others(b"something else")
