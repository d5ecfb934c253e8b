"""The names of programs that were met in one version, or from one kind of origin, only.

A build by somebody else may write such a text otherwise: what is found by it is `inferred`. A test
holds this list against tests/data/fingerprints.jsonl; docs/fingerprints.md says what is missing.
"""

UNPROVEN = frozenset(
    {
        "berkeley-db",
        "bind",
        "botan",
        "coreutils",
        "dovecot",
        "erlang-erts",
        "ghostscript",
        "glibc",
        "gnupg",
        "graphicsmagick",
        "heimdal",
        "httpd",
        "jq",
        "lzo",
        "mongo-c-driver",
        "nmap",
        "openldap",
        "perl",
        "ruby",
        "squid",
        "systemd",
        "tini",
        "unbound",
        "upx",
        "varnish",
    }
)
