"""How the authors' source becomes the one program or library that is looked for.

Each value is what a shell runs in the unpacked source, by the name that Debian files it under. A
source without an entry is configured and built whole. What is left out by an option needs a library
of somebody else; none changes what the program says of its version.
"""

_CONFIGURE = "./configure -q"

BUILDS: dict[str, str] = {
    "exim4": "mkdir -p Local && sed -e 's/^EXIM_USER=.*/EXIM_USER=mail/' "
    "-e 's/^EXIM_MONITOR=/# &/' -e 's/^# USE_OPENSSL=/USE_OPENSSL=/' "
    "-e 's/^# USE_OPENSSL_PC=/USE_OPENSSL_PC=/' src/EDITME > Local/Makefile && make",
    "findutils": f"{_CONFIGURE} --disable-nls && make -s -C gl && make -s -C lib && "
    "make -s -C find",
    "libtasn1-6": f"{_CONFIGURE} --disable-doc && make -s -C lib",
    "mosquitto": "make -s -C lib WITH_CJSON=no && make -s -C src WITH_CJSON=no WITH_SYSTEMD=no",
    "openvpn": f"{_CONFIGURE} --disable-lzo --disable-lz4 --disable-dco && make -s",
    "postfix": "make -s makefiles CCARGS='-DNO_NIS -DNO_DB -DNO_PCRE' && "
    "make -s update DIRS='src/util src/global src/dns src/tls src/xsasl src/master src/postlog'",
    "sudo": f"{_CONFIGURE} --disable-nls && make -s",
    "tar": f"FORCE_UNSAFE_CONFIGURE=1 {_CONFIGURE} --disable-nls && make -s",
    "tcl8.6": f"cd unix && {_CONFIGURE} && make -s binaries libraries",
    "tini": "cmake -S . -B b && make -s -C b",
    "unixodbc": f"test -x configure || autoreconf -fi; {_CONFIGURE} --disable-gui && make -s",
    "util-linux": f"{_CONFIGURE} --disable-all-programs --enable-libuuid --enable-libblkid "
    "--enable-libmount --enable-mount && make -s",
    "wget": f"{_CONFIGURE} --disable-nls --with-ssl=openssl && make -s -C lib && make -s -C src",
}
