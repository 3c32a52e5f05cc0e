"""The one value that stands for "whatever the library does by itself"; None means "without"."""

from __future__ import annotations

from enum import Enum
from typing import Final, Literal


class Default(Enum):
    """Has one member; an enumeration so that type checkers can tell it from other values."""

    DEFAULT = "default"

    def __repr__(self) -> str:
        return self.name


DEFAULT: Final[Literal[Default.DEFAULT]] = Default.DEFAULT
