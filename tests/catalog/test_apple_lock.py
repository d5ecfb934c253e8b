"""Lock files of CocoaPods and Carthage after their manuals."""

import pytest

from builders import damaged, declared_by, reading
from lading.catalog.apple_lock import APPLE_LOCK

PODS = """\
PODS:
  - AFNetworking (4.0.1):
    - AFNetworking/NSURLSession (= 4.0.1)
  - AFNetworking/NSURLSession (4.0.1)
  - "GoogleUtilities/NSData+zlib (7.11.0)"
  - SDWebImage (5.15.5)

DEPENDENCIES:
  - AFNetworking (~> 4.0)

SPEC CHECKSUMS:
  AFNetworking: 0123

COCOAPODS: 1.12.0
"""
CARTHAGE = """\
binary "https://example.org/Mapbox.json" "6.3.0"
git "https://example.org/thing.git" "1.0"
github "Alamofire/Alamofire" "5.6.4"
github "ReactiveX/RxSwift" "6.5.0"
"""


def test_pods_are_declared_once_whatever_parts_of_them_are_used() -> None:
    assert declared_by(APPLE_LOCK, "/app/Podfile.lock", PODS) == [
        ("AFNetworking", "4.0.1"), ("GoogleUtilities", "7.11.0"), ("SDWebImage", "5.15.5"),
    ]  # fmt: skip


def test_what_carthage_takes_from_github_is_declared() -> None:
    assert declared_by(APPLE_LOCK, "/app/Cartfile.resolved", CARTHAGE) == [
        ("Alamofire/Alamofire", "5.6.4"), ("ReactiveX/RxSwift", "6.5.0"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "DEPENDENCIES:\n", "\0" * 100])
def test_a_lock_file_without_pods_is_an_error(text: str) -> None:
    assert reading(APPLE_LOCK, "/app/Podfile.lock", text.encode())[1].endswith("lists no pods")


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(PODS.encode(), times=100):
        reading(APPLE_LOCK, "/app/Podfile.lock", data)
