"""Clients and libraries of network protocols."""

from lading.catalog.fingerprints.fingerprint import Fingerprint, named, near, whole

_THREE = rb"(\d{1,2}\.\d{1,3}\.\d{1,3})"

NETWORK: tuple[Fingerprint, ...] = (
    near(
        "curl",
        "haxx:libcurl",
        b"libcurl",
        rb"\0(?:CLIENT libcurl |libcurl/)" + _THREE + rb"(?:-DEV)?[\0\r]",
        witnesses=(b"Could not resolve host: %s",),
        files=("libcurl",),
    ),
    near("curl", "haxx:curl", b"curl ", rb"\0curl " + _THREE + rb"(?:-DEV)? \([\w.-]{3,40}\) %s"),
    named("nghttp2", "nghttp2:nghttp2", ("libnghttp2",), rb"\0(1\.(?!1\0)\d{1,2}\.\d{1,2})(?=\0)"),
    named("c-ares", "c-ares:c-ares", ("libcares",), rb"\0(1\.\d{1,2}\.\d{1,2})(?=\0)"),
    near(
        "libevent",
        "libevent_project:libevent",
        b"-stable",
        rb"\0(2\.\d\.\d{1,2})-stable\0",
        witnesses=(b"event_base",),
        files=("libevent",),
    ),
    named("libuv", "libuv:libuv", ("libuv",), rb"\0(1\.\d\d\.\d{1,2})(?=\0)"),
    whole(
        "librdkafka",
        "confluent:librdkafka",
        b"librdkafka v%s (0x%x) %s initialized",
        rb"\0v?([12]\.\d{1,2}\.\d{1,2})(?=\0)",
        files=("librdkafka",),
    ),
    near(
        "grpc",
        "grpc:grpc",
        b"grpc",
        rb"\0grpc-(?:c\+\+|python|node|csharp|ruby|objc)/(1\.\d{1,3}\.\d{1,2})",
        files=("libgrpc",),
    ),
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
        rb"\0%s version (4\.\d\d\.\d{1,2})\n\0",
        witnesses=(b"tcpdump",),
    ),
    near(
        "openldap",
        "openldap:openldap",
        b"$OpenLDAP: ",
        rb"\$OpenLDAP: [\w-]{3,20} (\d\.\d{1,2}\.\d{1,3})",
        files=("libldap", "liblber", "slap", "ldap"),
    ),
    whole("rsync", "samba:rsync", b"rsync error: %s (code %d) at %s(%d)", rb"\0(3\.\d\.\d)(?=\0)"),
    whole(
        "socat", "dest-unreach:socat", b"socat version %s on %s", rb"\0(\d\.\d\.\d(?:\.\d)?)(?=\0)"
    ),
    whole(
        "wget",
        "gnu:wget",
        b"GNU Wget %s, a non-interactive network retriever.",
        rb"\0(1\.\d\d(?:\.\d)?)(?=\0)",
    ),
    named("zeromq", "zeromq:libzmq", ("libzmq",), rb"\0(4\.\d\.\d)(?=\0)"),
    named("mosquitto", "eclipse:mosquitto", ("libmosquitto",), rb"\0(2\.\d\.\d{1,2})(?=\0)"),
    near(
        "openvpn",
        "openvpn:openvpn",
        b"OpenVPN ",
        rb"\0OpenVPN (2\.\d\.\d{1,2}) [\w-]{5,40} \[",
    ),
    near("tor", "torproject:tor", b"Tor ", rb"\0Tor (0\.\d\.\d{1,2}\.\d{1,3}) \(git-"),
    near("nmap", "nmap:nmap", b"Nmap", rb"Nmap (\d\.\d{2}) \( https?://nmap\.org"),
    near(
        "freetds",
        "freetds:freetds",
        b"freetds v",
        rb"\0freetds v(1\.\d{1,2}(?:\.\d{1,3})?)(?=\0)",
        files=("libsybdb", "libct"),
    ),
    near(
        "unixodbc",
        "unixodbc:unixodbc",
        b"unixODBC ",
        rb"\0unixODBC (2\.\d\.\d{1,2})(?=\0)",
        files=("libodbc",),
    ),
)
