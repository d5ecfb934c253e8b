"""A Go program with replaced modules; `go version -m` says what is in it."""

from pathlib import Path

from reference.making import Said, ran, said

MODULE = """module example.com/tool

go 1.18

require (
	example.com/near v0.0.0
	rsc.io/quote v1.5.2
	golang.org/x/text v0.14.0
)

replace (
	example.com/near => ./near
	rsc.io/sampler => rsc.io/sampler v1.3.1
)
"""
MAIN = """package main

import (
	"example.com/near"
	"rsc.io/quote"
)

func main() { println(quote.Hello(), near.Far()) }
"""


def make(work: Path) -> Said:
    near, target = work / "near", work / "root/usr/local/bin/tool"
    near.mkdir()
    (near / "go.mod").write_text("module example.com/near\n")
    (near / "near.go").write_text('package near\n\nfunc Far() string { return "far" }\n')
    (work / "go.mod").write_text(MODULE)
    (work / "main.go").write_text(MAIN)
    settings = {"GOFLAGS": "-mod=mod -buildvcs=false", "CGO_ENABLED": "0", "GOTOOLCHAIN": "local"}
    ran("go", "build", "-trimpath", "-ldflags=-s -w", "-o", target, ".", cwd=work, **settings)
    first, *rows = ran("go", "version", "-m", target, cwd=work).splitlines()
    compiler = first.rpartition(" ")[2]
    main, last, modules = "", "", {}
    for kind, path, version, *_ in ([*row.split("\t")[1:], "", ""] for row in rows):
        if kind == "mod":
            main = f"{path} {_version(version)}"
        elif kind == "dep":
            last = path
            modules[path] = f"{path} {version}"
        elif kind == "=>":  # the code of another module, or of a folder that has no name of its own
            is_folder = path.startswith(".")
            modules[last] = f"{last if is_folder else path} {_version(version)}"
    found = {f"stdlib {compiler}", *modules.values()}
    return said({main, *found}, {main: found})


def _version(text: str) -> str:
    """`(devel)` says that there is none."""
    return str(None) if text == "(devel)" else text
