"""Clients and libraries of network protocols."""

from lading.catalog.fingerprints.fingerprint import Fingerprint, named, near, whole

_THREE = rb"(\d{1,2}\.\d{1,3}\.\d{1,3})"

NETWORK: tuple[Fingerprint, ...] = (
    near(
        "curl",
        "haxx:libcurl",
        b"libcurl",
        rb"(?<![ -~])(?:CLIENT libcurl |libcurl/)" + _THREE + rb"(?:-DEV)?[\0\r]",
        witnesses=(b"Could not resolve host: %s",),
        files=("libcurl",),
    ),
    near(
        "curl",
        "haxx:curl",
        b"curl ",
        rb"(?<![ -~])curl " + _THREE + rb"(?:-DEV)? \([\w.-]{3,40}\) %s",
    ),
    named("nghttp2", "nghttp2:nghttp2", ("libnghttp2",), rb"(1\.\d\d\.\d)"),
    named("c-ares", "c-ares:c-ares", ("libcares",), rb"(1\.[1-9]\d\.\d{1,2})"),
    near(
        "libevent",
        "libevent_project:libevent",
        b"-stable",
        rb"(?<![ -~])(2\.\d\.\d{1,2})-stable\0",
        witnesses=(b"event_base",),
        files=("libevent",),
    ),
    named("libuv", "libuv:libuv", ("libuv",), rb"(1\.\d\d\.\d{1,2})"),
    near(
        "libpcap",
        "tcpdump:libpcap",
        b"libpcap version ",
        rb"libpcap version " + _THREE,
        files=("libpcap",),
    ),
    near(
        "tcpdump",
        "tcpdump:tcpdump",
        b"%s version ",
        rb"(?<![ -~])%s version (4\.\d\d\.\d{1,2})\n\0",
        witnesses=(b"SMI-library: %s",),
    ),
    near(
        "openldap",
        "openldap:openldap",
        b"$OpenLDAP: slapd ",
        rb"\$OpenLDAP: slapd (\d\.\d{1,2}\.\d{1,3})",
        files=("slapd",),
    ),
    near(
        "openldap",
        "openldap:openldap",
        b"$OpenLDAP: ",
        rb"\$OpenLDAP: lib[\w-]{3,20} (\d\.\d{1,2}\.\d{1,3})",
        files=("libldap", "liblber"),
    ),
    whole("rsync", "samba:rsync", b"rsync error: %s (code %d) at %s(%d)", rb"(3\.\d\.\d)"),
    whole("socat", "dest-unreach:socat", b"socat version %s on %s", rb"(\d\.\d\.\d(?:\.\d)?)"),
    whole(
        "wget",
        "gnu:wget",
        b"GNU Wget %s, a non-interactive network retriever.",
        rb"(1\.\d\d(?:\.\d)?)",
    ),
    named("mosquitto", "eclipse:mosquitto", ("libmosquitto",), rb"(2\.\d\.\d{1,2})"),
    near(
        "openvpn",
        "openvpn:openvpn",
        b"OpenVPN ",
        rb"(?<![ -~])OpenVPN (2\.\d\.\d{1,2}) [\w-]{5,40} \[",
    ),
    near("tor", "torproject:tor", b"Tor ", rb"(?<![ -~])Tor (0\.\d\.\d{1,2}\.\d{1,3}) \(git-"),
    near("nmap", "nmap:nmap", b"Nmap", rb"Nmap (\d\.\d{2}) \( https?://nmap\.org"),
    near(
        "freetds",
        "freetds:freetds",
        b"freetds v",
        rb"(?<![ -~])freetds v(1\.\d{1,2}(?:\.\d{1,3})?)(?=\0)",
        files=("libsybdb", "libct"),
    ),
    near(
        "unixodbc",
        "unixodbc:unixodbc",
        b"unixODBC ",
        rb"(?<![ -~])unixODBC (2\.\d\.\d{1,2})(?=\0)",
        files=("libodbc",),
    ),
)
