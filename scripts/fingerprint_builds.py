"""How the authors' source becomes the one program or library that is looked for.

Each value is what a shell runs in the unpacked source, by the name that Debian files it under. A
source without an entry is configured and built whole. What is left out by an option needs a library
of somebody else; none changes what the program says of its version.
"""

_CONFIGURE = "./configure -q"
_AS_ROOT = f"FORCE_UNSAFE_CONFIGURE=1 {_CONFIGURE}"

BUILDS: dict[str, str] = {
    "apache2": f"{_CONFIGURE} --enable-modules=none --with-mpm=event && make -s",
    "bind9": f"{_CONFIGURE} --disable-doh --without-libxml2 --without-json-c && make -s",
    "botan": "./configure.py --minimized-build --enable-modules=base --without-documentation "
    "&& make -s libs",
    "bzip2": "make -s",
    "coreutils": f"{_AS_ROOT} --disable-nls --enable-single-binary && make -s",
    "db5.3": "cd build_unix && ../dist/configure -q --disable-static && make -s libdb-5.3.la",
    "dovecot": f"{_CONFIGURE} --without-lua --without-docs && make -s",
    "erlang": f"{_CONFIGURE} --without-javac --without-termcap --without-ssl && make -s emulator",
    "exim4": "mkdir -p Local && sed -e 's/^EXIM_USER=.*/EXIM_USER=mail/' "
    "-e 's/^EXIM_MONITOR=/# &/' -e 's/^# USE_OPENSSL=/USE_OPENSSL=/' "
    "-e 's/^# USE_OPENSSL_PC=/USE_OPENSSL_PC=/' src/EDITME > Local/Makefile && make",
    "findutils": f"{_CONFIGURE} --disable-nls && make -s -C gl && make -s -C lib && "
    "make -s -C find",
    "ghostscript": f"{_CONFIGURE} --disable-cups --disable-gtk --without-x && make -s",
    "gnupg2": f"{_CONFIGURE} --disable-nls --disable-ldap --disable-doc --disable-dirmngr "
    "--disable-scdaemon --disable-gpgsm && make -s -C common && make -s -C kbx && make -s -C g10",
    "graphicsmagick": f"{_CONFIGURE} --enable-shared --disable-static --without-x && make -s",
    "grep": f"{_CONFIGURE} --disable-nls && make -s -C lib && make -s -C src",
    "gzip": f"{_CONFIGURE} && make -s -C lib && make -s version.h gzip",
    "jq": f"test -x configure || autoreconf -fi; {_CONFIGURE} --disable-docs --without-oniguruma "
    "&& make -s",
    "libtasn1-6": f"{_CONFIGURE} --disable-doc && make -s -C lib",
    "mongo-c-driver": "cmake -S . -B b -DENABLE_TESTS=OFF -DENABLE_EXAMPLES=OFF -DENABLE_STATIC=OFF"
    " -DENABLE_ZSTD=OFF -DENABLE_SNAPPY=OFF -DENABLE_MONGODB_AWS_AUTH=OFF && make -s -C b",
    "mosquitto": "make -s -C lib WITH_CJSON=no && make -s -C src WITH_CJSON=no WITH_SYSTEMD=no",
    "nmap": f"{_CONFIGURE} --without-zenmap --without-ndiff --without-ncat --without-nping "
    "--without-openssl --without-libssh2 --with-liblua=included && make -s",
    "openldap": f"{_CONFIGURE} --disable-slapd && make -s depend && make -s -C libraries",
    "openvpn": f"{_CONFIGURE} --disable-lzo --disable-lz4 --disable-dco && make -s",
    "perl": "./Configure -des -Dusedevel && make miniperl",
    "php8.2": f"{_CONFIGURE} --disable-all --disable-cgi --disable-phpdbg && make -s cli",
    "php8.4": f"{_CONFIGURE} --disable-all --disable-cgi --disable-phpdbg && make -s cli",
    "postfix": "make -s makefiles CCARGS='-DNO_NIS -DNO_DB -DNO_PCRE' && "
    "make -s update DIRS='src/util src/global src/dns src/tls src/xsasl src/master src/postlog'",
    "ruby3.1": f"{_CONFIGURE} --disable-install-doc && make -s miniruby",
    "ruby3.3": f"{_CONFIGURE} --disable-install-doc && make -s miniruby",
    "sudo": f"{_CONFIGURE} --disable-nls && make -s",
    "tar": f"{_AS_ROOT} --disable-nls && make -s -C gnu && make -s",
    "tcl8.6": f"cd unix && {_CONFIGURE} && make -s libtcl8.6.so",
    "tini": "cmake -S . -B b && make -s -C b",
    "unixodbc": f"test -x configure || autoreconf -fi; {_CONFIGURE} --disable-gui && make -s",
    "upx-ucl": "cmake -S . -B b && make -s -C b",
    "util-linux": f"{_CONFIGURE} --disable-all-programs --enable-libuuid --enable-libblkid "
    "--enable-libmount --enable-mount && make -s",
    "vim": f"{_CONFIGURE} --with-features=tiny --without-x --enable-gui=no && make -s -C src",
    "wget": f"{_CONFIGURE} --disable-nls --with-ssl=openssl && make -s -C lib && make -s -C src",
}
