"""A text cut out of another one, which still knows where each of its characters came from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, repeat
from typing import NamedTuple


class Piece(NamedTuple):
    """Some text, and where it came from: character by character (``step`` 1), or as a whole (0)."""

    text: str
    start: int
    end: int
    step: int = 0

    @classmethod
    def same(cls, text: str, start: int) -> Piece:
        """Return a piece whose characters are those of the source, one by one."""
        return cls(text, start, start + len(text), 1)

    def starts(self) -> Iterable[int]:
        """Return where each character began."""
        return range(self.start, self.end) if self.step else repeat(self.start, len(self.text))

    def ends(self) -> Iterable[int]:
        """Return where each character ended."""
        return range(self.start + 1, self.end + 1) if self.step else repeat(self.end, len(self.text))


class Mapped(NamedTuple):
    """``starts[i]`` and ``ends[i]`` are the code points of the source that character ``i`` came from."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def whole(cls, text: str) -> Mapped:
        """Return *text* mapped to itself."""
        return cls(text, range(len(text)), range(1, len(text) + 1))

    @classmethod
    def of(cls, pieces: Iterable[Piece]) -> Mapped:
        """Join *pieces*, which come in the order of the source."""
        kept = [piece for piece in pieces if piece.text]
        starts = list(chain.from_iterable(piece.starts() for piece in kept))
        ends = list(chain.from_iterable(piece.ends() for piece in kept))
        return cls("".join(piece.text for piece in kept), starts, ends)

    def keep(self, spans: Sequence[tuple[int, int]]) -> Mapped:
        """Return only *spans* of this text, in their order."""
        if len(spans) == 1:
            cut = slice(*spans[0])
            return Mapped(self.text[cut], self.starts[cut], self.ends[cut])
        return Mapped(
            "".join(self.text[a:b] for a, b in spans),
            list(chain.from_iterable(self.starts[a:b] for a, b in spans)),
            list(chain.from_iterable(self.ends[a:b] for a, b in spans)),
        )

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Return where the characters from *start* to *end*, at least one, stood in the source."""
        return self.starts[start], self.ends[end - 1]
