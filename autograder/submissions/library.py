"""The `.py` files of a submission, each read once, within bounds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from autograder.submissions.files import File, FileFault, read_bytes, size_of
from autograder.submissions.names import defines
from autograder.submissions.roots import Definition
from autograder.submissions.sources import MAX_BYTES, Source, read_source
from autograder.submissions.stubs import definitions, is_stub

MAX_CODE = 20_000_000  # bytes of all files that are searched
MAX_PARSED = 2_000_000  # bytes of those that are parsed


class Library:
    """Reads files by name, on demand.

    Parameters
    ----------
    files : name relative to the submission, with `/`, to file.
    repair : whether what is out of date is mended.
    """

    def __init__(self, files: Mapping[str, File], *, repair: bool) -> None:
        self.files = files
        self._repair = repair
        self._room = MAX_CODE
        self._parsed = 0
        self._sources: dict[str, Source] = {}

    def read(self, name: str) -> Source:
        """Return the file's statements; what is wrong with it is the source's fault."""
        if name not in self._sources:
            try:
                data = self._bytes(name, MAX_PARSED - self._parsed)
                self._parsed += len(data)
                self._sources[name] = read_source(data, repair=self._repair)
            except FileFault as fault:
                self._sources[name] = Source((), (), fault=f" {fault}")
        return self._sources[name]

    def find(self, functions: Iterable[str]) -> Iterator[Definition]:
        """Yield where any of `functions` is defined. Only files that seem to are parsed.

        Of a file that is no Python it is taken as said what it seems to define: the file is then
        reported, where it would be passed over in silence otherwise.
        """
        wanted = frozenset(functions)
        names = "|".join(map(re.escape, sorted(wanted)))
        pattern = re.compile(
            rf"^[ \t]*(?:(?:async[ \t]+)?(?:def|class)[ \t]+({names})\b|({names})[ \t]*=)".encode(),
            re.MULTILINE,
        )
        for file in self.files:
            seen = pattern.findall(self._searched(file).replace(b"\r", b"\n"))
            if seen:
                source = self.read(file)
                body = [piece.node for piece in source.mended]
                found = {
                    name: is_stub(node) for node in definitions(body) for name in defines(node)
                }
                if source.fault and not body:
                    found = {(first or second).decode(): False for first, second in seen}
                for name in sorted(found.keys() & wanted):
                    yield Definition(name, file, found[name])

    def _searched(self, name: str) -> bytes:
        """Return a file's content to look through, nothing where there is too much of it."""
        try:
            data = self._bytes(name, self._room)
        except FileFault:
            return b""
        self._room -= len(data)
        return data

    def _bytes(self, name: str, room: int) -> bytes:
        file = self.files[name]
        if size_of(file) > min(MAX_BYTES, room):
            raise FileFault("is too much code; it was left out")
        return read_bytes(file, MAX_BYTES)
