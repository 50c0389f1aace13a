"""A simulated host's files, as far as tutorials need any: pages of text that `echo … > FILE` writes and web servers show."""

from __future__ import annotations

from dataclasses import dataclass, field
from posixpath import join, normpath

from pyovn.lab.shell import Outcome


@dataclass(slots=True)
class Files:
    """Texts by path, the folders, and where the shell stands."""

    texts: dict[str, str] = field(default_factory=dict)
    folders: set[str] = field(default_factory=lambda: {"/", "/tmp", "/root"})
    here: str = "/root"

    def path(self, name: str) -> str:
        """A name as an absolute path."""
        return normpath(join(self.here, name))

    def write(self, name: str, text: str) -> Outcome:
        """What `> NAME` does."""
        path = self.path(name)
        if path.rpartition("/")[0] not in {*self.folders, ""}:
            return Outcome(err=f"sh: cannot create {name}: Directory nonexistent\n", status=2)
        self.texts[path] = text
        return Outcome()

    def mkdir(self, words: list[str], namespace: str) -> Outcome:
        """mkdir(1)."""
        for name in (word for word in words if word != "-p"):
            if self.path(name) in self.folders and "-p" not in words:
                return Outcome(err=f"mkdir: cannot create directory ‘{name}’: File exists\n", status=1)
            self.folders.add(self.path(name))
        return Outcome()

    def cd(self, words: list[str], namespace: str) -> Outcome:
        """cd(1)."""
        path = self.path(words[0] if words else "/root")
        if path not in self.folders:
            return Outcome(err=f"sh: cd: can't cd to {words[0]}\n", status=2)
        self.here = path
        return Outcome()

    def cat(self, words: list[str], namespace: str) -> Outcome:
        """cat(1)."""
        missing = [name for name in words if self.path(name) not in self.texts]
        if missing:
            return Outcome(err=f"cat: {missing[0]}: No such file or directory\n", status=1)
        return Outcome("".join(self.texts[self.path(name)] for name in words))
