"""Problems of one layer: bounded, counted, and always valid Unicode."""

from lading.image.problems import Problems, shown


def test_past_the_bound_of_a_kind_only_the_number_is_kept() -> None:
    problems = Problems(2)

    for number in range(5):
        problems.add(f"/{number}", "broken", "nothing is read")
    problems.add("/other", "unknown", "nothing is read")

    assert [(one.path, one.reason) for one in problems.all()] == [
        ("/0", "broken"),
        ("/1", "broken"),
        ("/other", "unknown"),
        ("", "broken (3 more)"),
    ]


def test_bytes_that_are_no_utf8_are_shown_as_escapes() -> None:
    assert shown("/caf\udce9/größe") == r"/caf\xe9/größe"
