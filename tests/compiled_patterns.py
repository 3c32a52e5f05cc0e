"""Every pattern that the package has `re` compile: at import, at first use, while texts are read.

    python -m tests.compiled_patterns        prints each as one line of JSON: where, pattern, flags

It runs in a process of its own: what was compiled before it looks on is not seen.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import sys
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[1]
_SOURCE = str(ROOT / "trialink")
_compile = re._compile
_seen: dict[tuple[str, str | bytes, int], None] = {}


def main() -> None:
    """Import all modules, read the texts of the fixtures, and print what was compiled."""
    re._compile = _recorded
    modules = [*_modules()]
    patterns = importlib.import_module("trialink.finding.patterns")
    for value in [value for module in modules for value in vars(module).values()]:
        if isinstance(value, patterns.Pattern):
            value.pattern  # noqa: B018  # compiles it
    _read()
    re._compile = _compile
    for where, pattern, flags in _seen:
        is_text = isinstance(pattern, str)
        print(
            json.dumps([where, pattern if is_text else pattern.decode("latin-1"), flags, is_text])
        )


def _recorded(pattern: object, flags: int) -> object:
    frame = sys._getframe(1)
    while frame and frame.f_code.co_filename in (re.__file__, f"{_SOURCE}/finding/patterns.py"):
        frame = frame.f_back
    compiled = _compile(pattern, flags)
    if frame and frame.f_code.co_filename.startswith(_SOURCE):
        name = frame.f_code.co_filename.removeprefix(_SOURCE)[1:]
        _seen[f"{name}:{frame.f_lineno}", compiled.pattern, compiled.flags] = None
    elif frame and frame.f_code.co_filename == __file__:
        _seen["lazily", compiled.pattern, compiled.flags] = None
    return compiled


def _modules():
    import trialink

    for module in pkgutil.walk_packages(trialink.__path__, "trialink."):
        if not module.name.endswith("__main__"):
            with suppress(ImportError):  # what only an extra brings
                yield importlib.import_module(module.name)


def _read() -> None:
    import trialink

    record = trialink.Record(id="NCT02513394", acronym="PALLAS", brief_title="A Trial (PALLAS-2)")
    texts = [path.read_text("utf-8") for path in (ROOT / "fixtures" / "texts").glob("*.txt")]
    for text in (
        *texts,
        "NCT04XXXXXX, U1111-XXXX, ＮＣＴ０５０６６６４６, NCT05066647 of the PALLAS trial",
    ):
        trialink.find(text)
        [*map(str, trialink.check(text))]
        trialink.names(text, [record])
        trialink.Linker(None).read(text)
        trialink.ungrounded(text, [text[:500]])
    for entry in trialink.REGISTRIES:
        for printed in (text for example in entry.examples for text in (*example, example[0][:-2])):
            with suppress(trialink.InvalidTrialId):
                trialink.parse(printed)


if __name__ == "__main__":
    main()
