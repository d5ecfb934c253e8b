"""PHP's serialised values into plain ones; objects and references are refused.

Format: https://www.php.net/manual/en/function.serialize.php: `s:3:"abc";`, `i:1;`, `d:0.5;`,
`b:1;`, `N;`, `a:2:{KEY VALUE …}`. Nothing is ever called or made by what the text says.
"""

import re

from lading.errors import CatalogError

_SCALAR = re.compile(rb"([ibd]):([-+0-9.eEINFNA]{1,64});|N;")
_TEXT = re.compile(rb's:([0-9]{1,9}):"')
_ARRAY = re.compile(rb"a:[0-9]{1,9}:\{")
_DEEPEST = 64


def read_value(path: str, data: bytes) -> object:
    """Return `str`, `None`, or a `dict` by text of keys; numbers come as they are written.

    Raises CatalogError for everything that is not such a value, cut or nested too deep.
    """
    reader = _Reader(path, data)
    value = reader.value()
    while reader.open:
        if data[reader.at : reader.at + 1] == b"}":
            reader.close()
        else:
            key = reader.value()
            if isinstance(key, dict):
                raise reader.refusal()
            reader.put(str(key), reader.value())
    return value


class _Reader:
    def __init__(self, path: str, data: bytes) -> None:
        self.at = 0
        self.open: list[dict[str, object]] = []
        self._path = path
        self._data = data

    def value(self) -> object:
        """Return the value at this place; an array is returned empty and stays open."""
        if found := _TEXT.match(self._data, self.at):
            start = found.end()
            end = start + int(found[1])
            if self._data[end : end + 2] != b'";':
                raise self.refusal()
            self.at = end + 2
            return self._data[start:end].decode("utf-8", "replace")
        if found := _SCALAR.match(self._data, self.at):
            self.at = found.end()
            return None if found[2] is None else found[2].decode()
        if found := _ARRAY.match(self._data, self.at):
            if len(self.open) == _DEEPEST:
                raise CatalogError(f"{self._path}: its values are nested too deep")
            self.at = found.end()
            self.open.append({})
            return self.open[-1]
        raise self.refusal()

    def put(self, key: str, value: object) -> None:
        """Put a value into the array that is open, or into the one around a value that opened."""
        inner = isinstance(value, dict)
        self.open[-2 if inner else -1][key] = value

    def close(self) -> None:
        self.open.pop()
        self.at += 1

    def refusal(self) -> CatalogError:
        return CatalogError(f"{self._path}: no PHP value at byte {self.at}")
