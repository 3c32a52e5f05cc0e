"""A target for Atheris, which looks for inputs that reach new code, and for broken laws there.

    pip install atheris
    python -m tests.atheris_find -max_total_time=3600 -max_len=600 [directory of found inputs]

Where it ends with a crash, the file that it leaves is the input; `tried(path.read_bytes())` repeats
the failure without Atheris, which is no part of the test extra.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator


def cases(data: bytes) -> Iterator[tuple[Callable[..., None], tuple[str, ...]]]:
    """Yield every law of `fuzz_finding` with the text that bytes are, in halves or as a whole."""
    from fuzz_finding import LAWS, pieces_agree

    text = data.decode("utf-8", "surrogateescape")
    middle = len(text) // 2
    for law in LAWS:
        yield law, (text[:middle], text[middle:]) if law is pieces_agree else (text,)


def tried(data: bytes) -> None:
    """Hold bytes, read as text, to every law."""
    for law, texts in cases(data):
        law(*texts)


def main() -> None:
    """Import trialink with its branches counted, and try inputs until told to stop."""
    import atheris

    with atheris.instrument_imports(include=["trialink"]):
        import fuzz_finding  # noqa: F401

    atheris.Setup(sys.argv, tried)
    atheris.Fuzz()


if __name__ == "__main__":
    from pathlib import Path

    sys.path.insert(0, str(Path(__file__).parent))  # so that the same names serve pytest
    main()
