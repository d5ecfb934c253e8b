"""Accounts from the files that logins write, and from credential helpers."""

import base64
import json
from pathlib import Path

import pytest

from lading.errors import LadingError
from lading.sources.credentials import Account, Credentials

ANNA = Account(user="anna", password="se:cret")
AUTH = base64.b64encode(b"anna:se:cret").decode()


def a_login_file(folder: Path, content: object, name: str = "config.json") -> Path:
    file = folder / name
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return file


def account(folder: Path, content: object, host: str = "r.example") -> Account | None:
    return Credentials((a_login_file(folder, content),)).account(host)


@pytest.fixture
def helper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program docker-credential-test; a test writes it."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    file = folder / "docker-credential-test"
    file.touch(0o755)
    return file


@pytest.mark.parametrize(
    ("key", "host"),
    [
        pytest.param("r.example", "r.example", id="host"),
        pytest.param("r.example:5000", "r.example:5000", id="host and port"),
        pytest.param("https://r.example", "r.example", id="address"),
        pytest.param("https://r.example/v2/", "r.example", id="address of the API"),
        pytest.param("https://index.docker.io/v1/", "docker.io", id="the default registry"),
    ],
)
def test_an_account_is_found_under_each_name_of_its_host(
    tmp_path: Path, key: str, host: str
) -> None:
    assert account(tmp_path, {"auths": {key: {"auth": AUTH}}}, host) == ANNA


@pytest.mark.parametrize(
    "content",
    [
        pytest.param({}, id="empty"),
        pytest.param({"auths": {}}, id="no logins"),
        pytest.param({"auths": {"r.example": {}}}, id="an empty entry"),
        pytest.param({"auths": {"other.example": {"auth": AUTH}}}, id="another host"),
        pytest.param({"auths": {"xr.example": {"auth": AUTH}}}, id="a host that ends like it"),
        pytest.param({"auths": []}, id="of another form"),
    ],
)
def test_there_may_be_no_account(tmp_path: Path, content: object) -> None:
    assert account(tmp_path, content) is None


def test_a_file_that_is_not_there_has_no_accounts(tmp_path: Path) -> None:
    assert Credentials((tmp_path / "none.json", tmp_path / "x" / "y")).account("r.example") is None


def test_the_first_file_with_an_account_wins(tmp_path: Path) -> None:
    empty = a_login_file(tmp_path, {}, "1.json")
    first = a_login_file(tmp_path, {"auths": {"r.example": {"auth": AUTH}}}, "2.json")
    other = {"auths": {"r.example": {"username": "bob", "password": "x"}}}
    second = a_login_file(tmp_path, other, "3.json")

    assert Credentials((empty, first, second)).account("r.example") == ANNA


def test_an_identity_token_comes_before_a_password(tmp_path: Path) -> None:
    found = account(tmp_path, {"auths": {"r.example": {"auth": AUTH, "identitytoken": "id"}}})

    assert found == Account(user="", identity_token="id")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("{", id="cut"),
        pytest.param("[]", id="a list"),
        pytest.param("[" * 100_000, id="deep"),
        pytest.param({"auths": {"r.example": 1}}, id="an entry that is a number"),
        pytest.param({"auths": {"r.example": {"auth": "%%%"}}}, id="no base64"),
        pytest.param({"auths": {"r.example": {"auth": "YW5uYQ=="}}}, id="no colon"),
        pytest.param({"auths": {"r.example": {"auth": "/////w=="}}}, id="no text"),
        pytest.param({"credsStore": "../../bin/sh"}, id="a helper with a path"),
        pytest.param({"credsStore": 7}, id="a helper that is a number"),
        pytest.param({"credsStore": "surely-not-installed"}, id="a helper that is not there"),
        pytest.param(" " * (5 << 20), id="huge"),
    ],
)
def test_a_broken_file_is_an_error_that_names_what_is_wrong(
    tmp_path: Path, content: object
) -> None:
    with pytest.raises(LadingError):
        account(tmp_path, content)


def test_a_password_is_never_shown() -> None:
    shown = repr(Account(user="anna", password="hidden", identity_token="hidden"))

    assert "hidden" not in shown


ASKED = {"credHelpers": {"r.example": "test"}}


class TestHelpers:
    def test_a_helper_is_asked_over_standard_input(self, tmp_path: Path, helper: Path) -> None:
        helper.write_text(
            "#!/bin/sh\n"
            'read -r server; [ "$1 $server" = "get r.example" ] || exit 1\n'
            'echo \'{"ServerURL": "r.example", "Username": "anna", "Secret": "se:cret"}\'\n'
        )

        assert account(tmp_path, ASKED) == ANNA

    def test_a_helper_for_all_hosts_is_asked_too(self, tmp_path: Path, helper: Path) -> None:
        helper.write_text('#!/bin/sh\necho \'{"Username": "<token>", "Secret": "id"}\'\n')

        found = account(tmp_path, {"credsStore": "test"})

        assert found == Account(user="", identity_token="id")

    def test_a_helper_may_have_no_account(self, tmp_path: Path, helper: Path) -> None:
        helper.write_text("#!/bin/sh\necho credentials not found in native keychain\nexit 1\n")

        assert account(tmp_path, ASKED) is None

    def test_a_helper_is_not_asked_about_other_hosts(self, tmp_path: Path, helper: Path) -> None:
        helper.write_text("#!/bin/sh\nexit 1\n")

        assert account(tmp_path, ASKED, "other.example") is None

    @pytest.mark.parametrize(
        ("script", "said"),
        [
            pytest.param("echo the vault is locked; exit 1", "the vault is locked", id="fails"),
            pytest.param("exit 3", "failed without a word", id="fails silently"),
            pytest.param("echo hello", "no JSON object", id="chats"),
            pytest.param("echo '{}'", "without Username and Secret", id="gives nothing"),
            pytest.param("exec sleep 20", "no answer for r.example within", id="hangs"),
        ],
    )
    def test_a_helper_that_does_not_help_is_an_error(
        self, tmp_path: Path, helper: Path, script: str, said: str
    ) -> None:
        helper.write_text(f"#!/bin/sh\n{script}\n")
        credentials = Credentials((a_login_file(tmp_path, ASKED),), timeout=1.0)

        with pytest.raises(LadingError, match=said):
            credentials.account("r.example")
