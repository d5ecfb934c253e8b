"""`python -m lading` is the `lading` command."""

from lading.cli.main import entry

if __name__ == "__main__":
    entry()
