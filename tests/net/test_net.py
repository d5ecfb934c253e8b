"""The door to the network, against a server of this machine."""

import time
from collections.abc import Callable
from email.utils import formatdate
from io import BytesIO
from pathlib import Path

import pytest

from feed_server import Answer, Served, serving
from lading.net import NetworkError, Response, check_url, http_fetch, retry_after, wait_before

TAG = '"one"'
DATE = "Sat, 01 Aug 2026 12:00:00 GMT"


def fetched(
    served: Served,
    path: str = "/feed",
    *,
    validator: str | None = None,
    largest: int = 1000,
    patience: float = 60,
    grace: float = 60,
    waits: list[float] | None = None,
) -> tuple[Response, bytes]:
    """Fetch with two tries and without waiting."""
    sleep: Callable[[float], None] = (waits if waits is not None else []).append
    fetch = http_fetch(
        largest=largest, tries=2, sleep=sleep, patience=patience, grace=grace, timeout=10
    )
    into = BytesIO(b"what was there before, which is longer than the body")
    response = fetch(served.url + path, into, validator=validator)
    return response, into.getvalue()


def test_a_document_comes_with_the_name_of_its_state() -> None:
    answer = Answer(body=b"all of it", headers={"ETag": TAG, "Last-Modified": DATE})

    with serving({"/feed": answer}) as served:
        response, body = fetched(served)

    assert body == b"all of it"
    assert response == Response(is_new=True, validator=TAG, modified="2026-08-01T12:00:00Z")


@pytest.mark.parametrize(
    ("header", "value", "asked"),
    [
        pytest.param("ETag", TAG, "If-None-Match", id="entity tag"),
        pytest.param("ETag", 'W/"one"', "If-None-Match", id="weak entity tag"),
        pytest.param("Last-Modified", DATE, "If-Modified-Since", id="date"),
    ],
)
def test_what_has_not_changed_is_not_sent_again(header: str, value: str, asked: str) -> None:
    with serving({"/feed": Answer(body=b"body", headers={header: value})}) as served:
        first, _ = fetched(served)
        second, _ = fetched(served, validator=first.validator)

    assert served.asked[1][1][asked] == value
    assert not second.is_new
    assert second.validator == first.validator == value


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_server_is_asked_again_after_the_time_it_names(status: int) -> None:
    waits: list[float] = []
    busy = Answer(status, headers={"Retry-After": "7"})

    with serving({"/feed": [busy, Answer(body=b"body")]}) as served:
        _, body = fetched(served, waits=waits)

    assert body == b"body"
    assert waits == [7.0]


def test_a_server_that_stays_busy_is_given_up() -> None:
    with (
        serving({"/feed": Answer(503)}) as served,
        pytest.raises(NetworkError, match=r"/feed: HTTP 503 \(tried 2 times\)"),
    ):
        fetched(served)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_refusal_is_not_repeated(status: int) -> None:
    with serving({"/feed": Answer(status)}) as served:
        with pytest.raises(NetworkError, match=f"/feed: HTTP {status}"):
            fetched(served)

        assert len(served.asked) == 1


def test_a_body_that_ends_early_is_fetched_again_from_its_start() -> None:
    cut = Answer(body=b"half, and longer than all", length=99)

    with serving({"/feed": [cut, Answer(body=b"all of it")]}) as served:
        _, body = fetched(served)

    assert body == b"all of it"


@pytest.mark.parametrize(("header", "state"), [("ETag", TAG), ("Last-Modified", DATE)])
def test_a_body_that_was_cut_is_gone_on_with(header: str, state: str) -> None:
    cut = Answer(body=b"a whole document", headers={header: state}, cut=8)

    with serving({"/feed": cut}) as served:
        response, body = fetched(served)

    assert body == b"a whole document"
    assert response.validator == state
    again = served.asked[1][1]
    assert (again["Range"], again["If-Range"]) == ("bytes=8-", state)


@pytest.mark.parametrize(
    "then",
    [
        pytest.param(Answer(body=b"another", headers={"ETag": '"two"'}), id="it changed since"),
        pytest.param(Answer(body=b"another"), id="the server knows no parts"),
    ],
)
def test_a_body_that_cannot_be_gone_on_with_is_begun_again(then: Answer) -> None:
    cut = Answer(body=b"a whole document", headers={"ETag": TAG}, cut=8)

    with serving({"/feed": [cut, then]}) as served:
        _, body = fetched(served)

    assert body == b"another"


@pytest.mark.parametrize(
    "then",
    [
        pytest.param(
            Answer(status=206, body=b"ment", headers={"Content-Range": "bytes 12-15/16"}),
            id="another part",
        ),
        pytest.param(Answer(status=206, body=b"ment"), id="an unnamed part"),
        pytest.param(Answer(status=416), id="no such part"),
    ],
)
def test_a_wrong_part_is_not_put_behind_the_first(then: Answer) -> None:
    cut = Answer(body=b"a whole document", headers={"ETag": TAG}, cut=8)

    with (
        serving({"/feed": [cut, then]}) as served,
        pytest.raises(NetworkError, match=r"another part|not there"),
    ):
        fetched(served)


def test_parts_of_a_state_that_is_only_alike_are_not_put_together() -> None:
    cut = Answer(body=b"a whole document", headers={"ETag": 'W/"one"'}, cut=8)

    with serving({"/feed": [cut, Answer(body=b"all of it")]}) as served:
        _, body = fetched(served)

    assert body == b"all of it"
    assert "Range" not in served.asked[1][1]


def test_a_body_that_drips_is_given_up() -> None:
    with (
        serving({"/feed": Answer(body=b"x" * 100, drip=0.02)}) as served,
        pytest.raises(NetworkError, match="slower than 1024 bytes a second"),
    ):
        fetched(served, grace=0.1)


def test_a_body_that_always_ends_early_is_an_error() -> None:
    with (
        serving({"/feed": Answer(body=b"half", length=99)}) as served,
        pytest.raises(NetworkError, match="ended after 4 of 99 bytes"),
    ):
        fetched(served)


def test_a_body_above_the_bound_is_not_read_to_its_end() -> None:
    with (
        serving({"/feed": Answer(body=b"x" * 1001)}) as served,
        pytest.raises(NetworkError, match="more than 1000 bytes"),
    ):
        fetched(served)


def test_a_body_that_takes_for_ever_is_given_up() -> None:
    with (
        serving({"/feed": Answer(body=b"x")}) as served,
        pytest.raises(NetworkError, match="not done after -1 seconds"),
    ):
        fetched(served, patience=-1)


def test_a_redirect_is_followed() -> None:
    moved = Answer(302, headers={"Location": "/there"})

    with serving({"/feed": moved, "/there": Answer(body=b"body")}) as served:
        _, body = fetched(served)

    assert body == b"body"


@pytest.mark.parametrize(
    "elsewhere", ["http://feeds.example/feed", "file:///etc/passwd", "ftp://feeds.example/feed"]
)
def test_a_redirect_to_what_is_not_secure_is_refused(elsewhere: str) -> None:
    with (
        serving({"/feed": Answer(302, headers={"Location": elsewhere})}) as served,
        pytest.raises(NetworkError),
    ):
        fetched(served)


def test_redirects_in_a_circle_end() -> None:
    with (
        serving({"/feed": Answer(302, headers={"Location": "/feed"})}) as served,
        pytest.raises(NetworkError, match="/feed"),
    ):
        fetched(served)


def test_nobody_at_the_address_is_an_error() -> None:
    with serving({}) as served:
        pass  # its port is free again

    with pytest.raises(NetworkError, match="tried 2 times"):
        fetched(served)


def test_a_proxy_is_not_asked_for_this_machine() -> None:
    fetch = http_fetch(largest=9, proxy="http://127.0.0.1:1", tries=1)
    into = BytesIO()

    with serving({"/feed": Answer(body=b"direct")}) as served:
        fetch(f"{served.url}/feed", into)

    assert into.getvalue() == b"direct"


def test_a_proxy_is_asked_for_the_rest() -> None:
    with serving({}) as served:
        fetch = http_fetch(largest=9, proxy=served.url, tries=1)

        with pytest.raises(NetworkError, match=r"https://feeds\.example/feed"):
            fetch("https://feeds.example/feed", BytesIO())


def test_a_file_without_certificates_is_named(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_text("nothing")

    for path in (file, tmp_path / "missing.pem"):
        with pytest.raises(NetworkError, match=path.name):
            http_fetch(largest=9, ca_file=path)


@pytest.mark.parametrize(
    "url", ["https://feeds.example/x", "http://127.0.0.1:1/x", "http://[::1]/x"]
)
def test_addresses_that_may_be_fetched(url: str) -> None:
    check_url(url)


@pytest.mark.parametrize(
    "url", ["http://feeds.example/x", "https:///x", "file:///x", "http://128.0.0.1/x", "feed", ""]
)
def test_addresses_that_may_not_be_fetched(url: str) -> None:
    with pytest.raises(NetworkError, match="only https"):
        check_url(url)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("²", None),
        ("", None),
        (None, None),
    ],
)
def test_how_long_a_server_asks_to_wait(text: str | None, seconds: float | None) -> None:
    assert retry_after(text) == seconds


def test_a_date_to_wait_for_is_so_many_seconds_away() -> None:
    asked = retry_after(formatdate(time.time() + 100, usegmt=True))

    assert asked is not None
    assert 95 < asked <= 100


def test_waits_grow_and_are_bounded() -> None:
    assert 0.5 <= wait_before(1, None) <= 1
    assert 4 <= wait_before(4, None) <= 8
    assert wait_before(1, 1e9) == 60.0
    assert wait_before(20, None) == 60.0
