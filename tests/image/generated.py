"""Random images whose merged form the specification leaves no doubt about.

Within a layer no entry is below another one's replacement and no two touch the same name, so that
the order of entries and whiteouts cannot matter; across layers everything may happen.
"""

import random

from image.merged import Item, Layer, State, by_dictionary, real

_NAMES = ("a", "b", "c", "lib", "x.y")


class _LayerMaker:
    def __init__(self, below: State, chance: random.Random) -> None:
        self.below = below
        self.chance = chance
        self.items: Layer = []
        self.marks: Layer = []  # whiteouts
        self.touched: set[str] = set()

    def free(self, path: str) -> bool:
        return not any(
            f"{path}/".startswith(f"{one}/") or f"{one}/".startswith(f"{path}/")
            for one in self.touched
        )

    def some(self, *kinds: str) -> str | None:
        found = [
            path for path, (kind, _) in self.below.items() if kind in kinds and self.free(path)
        ]
        return self.chance.choice(sorted(found)) if found else None

    def new(self) -> str | None:
        """A name that may exist or not, in a directory that does."""
        folders = [path for path, (kind, _) in self.below.items() if kind == "dir"]
        base = self.chance.choice(["", *sorted(folders)])
        path = f"{base}/{self.chance.choice(_NAMES)}"
        return path if self.free(path) else None

    def add(self, path: str) -> None:
        """Put something there, of any kind."""
        self.touched.add(path)
        match self.chance.randrange(6):
            case 0:
                to = self.chance.choice(["a", "../b", "/lib", "/a/b", "../../../c", "x.y"])
                self.items.append(Item(path, "soft", to))
            case 1:
                self.items.append(Item(path, "dir"))
                for name in self.chance.sample(_NAMES, self.chance.randrange(3)):
                    self.items.append(Item(f"{path}/{name}", self.chance.choice(["file", "tool"])))
            case 2:
                self.items.append(Item(path, "tool"))
            case _:
                self.items.append(Item(path))

    def whiteout(self, path: str) -> None:
        self.touched.add(path)
        folder, _, name = path.rpartition("/")
        self.marks.append(Item(f"{folder}/.wh.{name}"))

    def opaque(self, path: str) -> None:
        self.touched.add(path)
        self.items.append(Item(path, "dir"))
        self.marks.append(Item(f"{path}/.wh..wh..opq"))
        for name in self.chance.sample(_NAMES, self.chance.randrange(3)):
            self.items.append(Item(f"{path}/{name}"))

    def through_links(self) -> None:
        """Put files into directories by way of links, which this layer then leaves alone."""
        softs = sorted(path for path, (kind, _) in self.below.items() if kind == "soft")
        for soft in softs[: self.chance.randrange(3)]:
            path = f"{soft}/{self.chance.choice(_NAMES)}"
            there = real(self.below, path)
            folder = there.rpartition("/")[0]
            is_folder = folder == "" or self.below.get(folder, ("", ""))[0] == "dir"
            if is_folder and self.free(there):
                self.touched.add(there)
                if there in self.below and self.chance.random() < 0.5:
                    self.marks.append(Item(f"{soft}/.wh.{there.rpartition('/')[2]}"))
                else:
                    self.items.append(Item(path, self.chance.choice(["file", "tool"])))
        if self.items or self.marks:
            self.touched |= set(softs)

    def remove(self) -> None:
        if path := self.some("file", "soft", "dir"):
            self.whiteout(path)

    def empty(self) -> None:
        if path := self.some("dir"):
            self.opaque(path)

    def remake(self) -> None:
        if path := self.some("dir"):
            self.whiteout(path)
            self.items += [Item(path, "dir"), Item(f"{path}/again")]

    def link(self) -> None:
        target, path = self.some("file", "soft"), self.new()
        if target and path and not path.startswith(target + "/") and target != path:
            self.touched |= {path, target}
            self.items.append(Item(path, "hard", target))

    def replace(self) -> None:
        if path := self.some("file", "soft", "dir"):
            self.add(path)

    def put(self) -> None:
        if path := self.new():
            self.add(path)

    def step(self) -> None:
        steps = (self.remove, self.empty, self.remake, self.link, self.replace, *[self.put] * 3)
        self.chance.choice(steps)()


def an_image(seed: int) -> list[Layer]:
    """Two to six layers, the same for the same seed."""
    chance = random.Random(seed)
    layers: list[Layer] = []
    for _ in range(chance.randrange(2, 7)):
        maker = _LayerMaker(by_dictionary(layers), chance)
        maker.through_links()
        for _ in range(chance.randrange(1, 12)):
            maker.step()
        layer = list(maker.items)
        for mark in maker.marks:
            layer.insert(chance.randrange(len(layer) + 1), mark)
        layers.append([item._replace(path=item.path[1:]) for item in layer])
    return layers
