"""Articles of XML files, one by one: JATS and PubMed, of any size, from anybody.

A document type is not read and its entities are not expanded: a file that defines any is refused.
What nests too deep or never ends is refused as well; what stood before it is kept.
"""

from __future__ import annotations

import re
from html import unescape
from xml.parsers import expat

from trialink.corpus.reading import Unreadable
from trialink.corpus.vocabularies import NOTHING, VOCABULARIES, Vocabulary

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO


_BLOCK = 1 << 16  # bytes that are read at a time
_LONGEST_TAG = 1 << 22  # bytes
_FRAME = 100  # what a section counts even without text
_DEEPEST = 500  # elements in each other
_LARGEST = 50_000_000  # characters and elements of one article
_LONGEST_TITLE = 200  # characters
_BLANKS = re.compile(r"[ \t\r\n]+")
_SPACES = re.compile(r" {2,}")
_LINE_ENDS = re.compile(r" *\n[ \n]*")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")  # beside a number, and none of its digits


class Article:
    """An article as far as it has been read: its numbers, and the sections that have text."""

    def __init__(self) -> None:
        self.numbers: dict[int, str] = {}  # by rank, the best is 0
        self.frames: list[_Frame] = []

    @property
    def number(self) -> str | None:
        """The best of its numbers; None where it has none."""
        return min(self.numbers.items())[1] if self.numbers else None

    def sections(self) -> list[tuple[str, str]]:
        """Return name and text of each section that has any, in the order in which they begin."""
        told = ((frame.path, frame.text) for frame in self.frames)
        return [(path, text) for path, text in told if text]


class _Frame:
    """A section that is being read; what is in a section of its own is not in the outer one."""

    def __init__(self, element: str, name: str, outer: _Frame | None, depth: int) -> None:
        self.element, self.name, self.outer, self.depth = element, name, outer, depth
        self.title = self.instead = ""
        self.pieces: list[str] = []

    @property
    def path(self) -> str:
        """The titles of the sections around it and its own."""
        own = self.title or self.name
        around = self.outer.path if self.outer and self.outer.element != "body" else ""
        return f"{around} > {own}" if around else own

    @property
    def text(self) -> str:
        """What stands in it, a line for each block; `instead` where that is nothing."""
        text = _LINE_ENDS.sub("\n", _SPACES.sub(" ", "".join(self.pieces))).strip(" \n")
        return text or self.instead

    @property
    def ends_with_digit(self) -> bool:
        """Whether a digit that follows would be taken for one of the same number."""
        return bool(self.pieces) and self.pieces[-1][-1:].isdigit()


def articles(file: IO[bytes]) -> Iterator[Article]:
    """Yield the articles of a file; raise `Unreadable` behind the last that could be read."""
    reader = _Reader()
    trouble: Exception | None = None
    try:
        while block := file.read(_BLOCK):
            reader.read(block)
            yield from reader.taken()
        reader.end()
    except (Unreadable, OSError) as error:
        trouble = error
    except (expat.ExpatError, LookupError, ValueError) as error:  # also of unknown encodings
        trouble = Unreadable(f"no well-formed XML: {error}")
    except Exception as error:
        trouble = error
    yield from reader.taken(rest=True)
    if trouble:
        raise trouble


class _Reader:
    """Takes the events of a parser, and keeps what belongs to the article that is open."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.ordered_attributes = True  # a list, which costs less than a dictionary
        self._parser.specified_attributes = True  # none that a document type adds
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.SkippedEntityHandler = self._name
        self._parser.EntityDeclHandler = _refuse
        self._vocabulary: Vocabulary = NOTHING
        self._articles: list[Article] = []  # the last one may be open
        self._begun = self._depth = self._read = self._held = 0
        self._frame: _Frame | None = None
        self._skipped = self._raised = 0  # the depth of the element that is, 0 for none
        self._number: tuple[int, str, list[str]] | None = None  # rank, lead, pieces
        self._titled: tuple[int, int] | None = None  # depth of a title and where it begins
        self._root: str | None = None

    def read(self, block: bytes) -> None:
        """Read on; raise `Unreadable` for what must not be read."""
        self._read += len(block)
        self._parser.Parse(block, False)
        if self._read - self._parser.CurrentByteIndex > _LONGEST_TAG:
            raise Unreadable(f"a tag of more than {_LONGEST_TAG} bytes")

    def end(self) -> None:
        """Check that the file was whole, and of a known kind."""
        self._parser.Parse(b"", True)
        if self._vocabulary is NOTHING and self._root not in ("PubmedArticleSet", "pmc-articleset"):
            raise Unreadable(f"neither JATS nor PubMed XML: no article in <{self._root}>")

    def taken(self, *, rest: bool = False) -> Iterator[Article]:
        """Yield the articles that are complete, `rest` the open one too."""
        kept = 1 if self._begun and not rest else 0
        while len(self._articles) > kept:
            yield self._articles.pop(0)

    def _start(self, name: str, attributes: list[str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Unreadable(f"more than {_DEEPEST} elements in each other")
        if ":" in name:
            name = name.rpartition(":")[2]
        if not self._begun:
            self._begin(name)
        elif name in self._vocabulary.sections:
            self._open(name, attributes)
        elif self._frame is not None:
            self._mark(name, self._frame)
        elif name in self._vocabulary.alone:
            self._open_alone(name, attributes)
        elif name in self._vocabulary.numbers:
            kind = _by_name(attributes).get(self._vocabulary.number_kind)
            told = self._vocabulary.numbers[name].get(kind)
            self._number = (*told, []) if told else None
            self._listen()

    def _listen(self) -> None:
        """Hear text only where it is wanted: most of a file of PubMed is not."""
        wanted = self._frame is not None or self._number is not None
        self._parser.CharacterDataHandler = self._take if wanted else None

    def _begin(self, name: str) -> None:
        """Begin an article, if the element is one."""
        self._root = self._root or name
        if name in VOCABULARIES:
            self._vocabulary, self._begun, self._held = VOCABULARIES[name], self._depth, 0
            self._articles.append(Article())

    def _open_alone(self, name: str, attributes: list[str]) -> None:
        """Open a section of one element, as that in which JATS gives the number of a trial."""
        self._open(name, attributes)
        _, said = self._vocabulary.alone[name]
        frame = self._articles[-1].frames[-1]
        frame.instead = _by_name(attributes).get(said, "").strip()
        self._hold(len(frame.instead))

    def _open(self, name: str, attributes: list[str]) -> None:
        """Open a section."""
        self._hold(_FRAME)
        if self._frame is not None:
            self._frame.pieces.append("\n")
        called = self._vocabulary.name_of(name, _by_name(attributes))
        self._frame = _Frame(name, called, self._frame, self._depth)
        self._articles[-1].frames.append(self._frame)
        self._listen()

    def _mark(self, name: str, frame: _Frame) -> None:
        """Note what an element inside a section means: a line end, unless it is known better."""
        self._hold(1)
        if name in self._vocabulary.inline:
            if name == "sup":
                self._raised = self._raised or self._depth
            elif name == "xref" and not self._raised and frame.ends_with_digit:
                frame.pieces.append(" ")  # before the number of a reference
        elif name in self._vocabulary.skipped:
            self._skipped = self._skipped or self._depth
        elif name in self._vocabulary.words:
            frame.pieces.append(" ")
        elif name not in _CELLS:
            frame.pieces.append("\n")
            titles = self._vocabulary.titles.get(frame.element)
            if name == titles and self._depth == frame.depth + 1:
                self._titled = self._depth, len(frame.pieces)

    def _end(self, name: str) -> None:
        frame, depth = self._frame, self._depth
        self._depth -= 1
        if depth == self._begun:
            self._begun, self._frame = 0, None
            self._listen()
        elif self._number is not None:
            rank, lead, pieces = self._number
            number = "".join(pieces).strip()
            if number:
                whole = f"{lead}{number}" if number.isdecimal() else number
                self._articles[-1].numbers.setdefault(rank, whole)
            self._number = None
            self._listen()
        elif frame is not None:
            self._leave(name.rpartition(":")[2], frame, depth)

    def _leave(self, name: str, frame: _Frame, depth: int) -> None:
        """Close a section, or what an element inside it meant."""
        if depth == frame.depth:
            self._frame = frame.outer
            if frame.outer is not None:
                frame.outer.pieces.append("\n")
            self._listen()
            return
        if self._titled and self._titled[0] == depth:
            title = "".join(frame.pieces[self._titled[1] :])[:_LONGEST_TITLE]
            frame.title = " ".join(title.split())
            self._titled = None
        if depth == self._skipped:
            self._skipped = 0
        elif depth == self._raised:
            self._raised = 0
        if name not in self._vocabulary.inline:
            ends = "\t" if name in _CELLS else " " if name in self._vocabulary.words else "\n"
            frame.pieces.append(ends)

    def _take(self, data: str) -> None:
        self._hold(len(data))
        if self._number is not None:
            self._number[2].append(data)
        elif self._frame is not None and not self._skipped:
            text = _BLANKS.sub(" ", data)
            self._frame.pieces.append(text.translate(_RAISED) if self._raised else text)

    def _hold(self, more: int) -> None:
        """Count what is kept of the open article; raise `Unreadable` where it is too much."""
        self._held += more
        if self._held > _LARGEST:
            raise Unreadable(f"an article of more than {_LARGEST} characters")

    def _name(self, name: str, is_parameter: bool) -> None:
        """Take a character by its name in HTML, which JATS and PubMed use; others as they stand."""
        if not is_parameter:
            self._take(unescape(f"&{name};"))


_CELLS = frozenset(("td", "th"))


def _by_name(attributes: list[str]) -> dict[str | None, str]:
    return dict(zip(attributes[::2], attributes[1::2], strict=True))


def _refuse(name: str, *_: object) -> None:
    raise Unreadable("it defines entities of its own, which are not expanded")
