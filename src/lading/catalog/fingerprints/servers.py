"""Servers of the web, of mail and of names."""

from lading.catalog.fingerprints.fingerprint import Fingerprint, near, whole

_THREE = rb"(\d{1,2}\.\d{1,3}\.\d{1,3})"

SERVERS: tuple[Fingerprint, ...] = (
    near("nginx", "f5:nginx", b"nginx version: nginx/", rb"nginx version: nginx/" + _THREE),
    near(
        "httpd",
        "apache:http_server",
        b"Apache/",
        rb"(?<![ -~])Apache/(2\.\d\.\d{1,3})(?: \([^)\0]{1,40}\))?\0",
        witnesses=(b"Server built:  ",),
        files=("httpd", "apache2"),
    ),
    near(
        "haproxy",
        "haproxy:haproxy",
        b", released ",
        rb" version (\d\.\d{1,2}(?:\.\d{1,2}|-dev\d{1,2}))[^\0,]{0,40}, released 20\d\d/\d\d/\d\d",
        witnesses=(b"Proxy version %s",),
    ),
    near(
        "lighttpd",
        "lighttpd:lighttpd",
        b"lighttpd/",
        rb"(?<![ -~])lighttpd/(1\.\d\.\d{1,3})[^\0]{0,12} - a light and fast webserver",
    ),
    near(
        "varnish",
        "varnish-software:varnish_cache",
        b"varnish-",
        rb"varnish-" + _THREE + rb" revision [0-9a-f]{40}",
    ),
    near(
        "squid",
        "squid-cache:squid",
        b"squid/",
        rb"(?<![ -~])squid/(\d\.\d{1,2}(?:\.\d{1,2})?)(?=\0)",
        witnesses=(b"Squid",),
    ),
    near(
        "proftpd",
        "proftpd:proftpd",
        b"ProFTPD Version ",
        rb"ProFTPD Version (1\.\d\.\d{1,2}[a-z]?)",
    ),
    near(
        "vsftpd",
        "vsftpd_project:vsftpd",
        b"vsftpd: version ",
        rb"vsftpd: version (\d\.\d\.\d)",
    ),
    near(
        "bind",
        "isc:bind",
        b"BIND 9.",
        rb"(?<![ -~])BIND (9\.\d{1,2}\.\d{1,2}(?:-[PWS]\d)?)",
        files=("named",),
    ),
    near(
        "unbound",
        "nlnetlabs:unbound",
        b"unbound ",
        rb"(?<![ -~])unbound (1\.\d{1,2}\.\d{1,2})(?=\0)",
        files=("unbound", "libunbound"),
    ),
    near("dnsmasq", "thekelleys:dnsmasq", b"dnsmasq-", rb"(?<![ -~])dnsmasq-(2\.\d{1,3})(?=\0)"),
    near(
        "postfix",
        "postfix:postfix",
        b"mail_version=",
        rb"(?<![ -~])mail_version=(\d\.\d{1,2}\.\d{1,2})(?=\0)",
        files=("post", "smtp", "cleanup", "qmgr", "master"),
    ),
    near(
        "dovecot",
        "dovecot:dovecot",
        b"Dovecot v",
        rb"(?<![ -~])Dovecot v(\d\.\d{1,2}(?:\.\d{1,2}){0,2})(?:-\d{1,2})? "
        rb"\([0-9a-f]{6,12}\) starting up",
    ),
    whole("exim", "exim:exim", b"Exim version %s #%s built %s", rb"(4\.\d{2,3}(?:\.\d)?)"),
    whole(
        "uwsgi",
        "unbit:uwsgi",
        b"*** Starting uWSGI %s (%dbit) on [",
        rb"(2\.\d\.\d{1,2}(?:\.\d{1,2})?)(?:-[a-z]{1,12})?",
        files=("uwsgi", "pyuwsgi"),
    ),
    whole(
        "mosquitto",
        "eclipse:mosquitto",
        b"mosquitto version %s starting",
        rb"(\d\.\d\.\d{1,2})",
    ),
)
