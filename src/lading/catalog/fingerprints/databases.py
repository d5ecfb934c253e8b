"""Databases, caches and what talks to them."""

from lading.catalog.fingerprints.fingerprint import Fingerprint, named, near, whole

# Host and time of the build, whether the source was changed, and its commit.
_BUILD = rb"[\w.-]{0,64}?\d{9,19}[01]?[0-9a-f]{0,8}\0"

DATABASES: tuple[Fingerprint, ...] = (
    whole(
        "sqlite",
        "sqlite:sqlite",
        b" must be a constant between 0.0 and 1.0",
        rb"(3\.\d{1,2}\.\d{1,2}(?:\.\d)?)",
        witnesses=(b"sqlite_master", b"cannot commit - no transaction is active"),
        files=("libsqlite3", "sqlite3", "_sqlite3"),
    ),
    whole(
        "redis",
        "redis:redis",
        b"redis_version:%s",
        rb"(\d{1,2}\.\d{1,2}\.\d{1,3})",
        absent=b"valkey_version:%s",
        build=_BUILD,
        files=("redis",),
    ),
    whole(
        "redis",
        "redis:redis",
        b"\0redis-cli %s\0",
        rb"(\d{1,2}\.\d{1,2}\.\d{1,3})",
        build=_BUILD,
        files=("redis-cli",),
    ),
    whole(
        "valkey",
        "lfprojects:valkey",
        b"valkey_version:%s",
        rb"(\d{1,2}\.\d{1,2}\.\d{1,3})",
        build=_BUILD,
        files=("valkey",),
    ),
    near(
        "memcached",
        "memcached:memcached",
        b"memcached ",
        rb"(?<![ -~])memcached (1\.\d\.\d{1,2})\n?\0",
        witnesses=(b"VERSION 1.",),
    ),
    near(
        "postgresql",
        "postgresql:postgresql",
        b"PostgreSQL ",
        rb"(?<![ -~])PostgreSQL (\d{1,2}(?:\.\d{1,2}){1,2})(?: \([^)\0]{1,60}\))? on "
        rb"[\w.-]{5,60}, compiled by",
        files=("postgres", "psql"),
    ),
    near(
        "mariadb",
        "mariadb:mariadb",
        b"-MariaDB",
        rb"(?<![ -~])(\d{2}\.\d{1,2}\.\d{1,2})-MariaDB",
        witnesses=(b"MariaDB",),
        files=("mariadb", "mysql"),
    ),
    near(
        "mysql",
        "oracle:mysql",
        b"/mysql-",
        rb"/mysql-(?:community-)?(\d{1,2}\.\d{1,2}\.\d{1,2})/(?:sql|mysys|client|libmysql|strings)",
        files=("libmysqlclient", "mysql", "_mysql_connector"),
    ),
    named("mysql", "oracle:mysql", ("libmysqlclient",), rb"([89]\.\d{1,2}\.\d{1,2})"),
    near(
        "berkeley-db",
        "oracle:berkeley_db",
        b"Berkeley DB ",
        rb"(?<![ -~])Berkeley DB (\d{1,2}\.\d\.\d{1,2}): \(",
        files=("libdb",),
    ),
    near(
        "lmdb",
        "symas:lightning_memory-mapped_database",
        b"LMDB ",
        rb"(?<![ -~])LMDB (0\.\d\.\d{1,2}): \(",
        files=("liblmdb",),
    ),
    named("mongo-c-driver", "mongodb:libmongoc", ("libmongoc",), rb"(\d\.\d{1,2}\.\d{1,2})"),
)
