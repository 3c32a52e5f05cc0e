"""What the library knows of one registry, as one declarative entry.

Everything else derives from the entries: the finder's patterns, the checks, the table in the
docs, the record addresses and the tests.
"""

from __future__ import annotations

import re
from functools import cache

from trialink.model.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Literal

    from trialink.model.words import CheckDigit, Kind


class Check(Value):
    """A check digit rule.

    `passes` takes a canonical number and says True (passes), False (fails) or None (the rule does
    not apply to this number). `rule` completes the sentence "LABEL ..." for a person. A rule that
    is `evidence_only` speaks when it passes and is silent when it fails.
    """

    passes: Callable[[str], bool | None]
    rule: str
    evidence_only: bool = False


class Form(Value):
    """One printed shape of a registry's numbers.

    The shape is either `digits` (so many, beginning with one of `begins`), or `body`: a bounded
    regular expression with named groups, matched on folded text (plain spaces and hyphens, ASCII
    digits) without regard to case, in which the character `~` stands for one optional separator.
    `canonical` is a template over the groups; the plain shape has the one group `n`. A `body` that
    has only this group may be given `digits` too: how many digits a right number has, for messages
    about wrong ones.
    """

    canonical: str
    prefixes: tuple[str, ...] = ()  # printed before the body and part of the identifier
    typos: tuple[str, ...] = ()  # prefixes that are typing errors: repaired, named "prefix-typo"
    digits: int | None = None
    begins: tuple[str, ...] = ("",)  # the leading digits of all numbers that were ever issued
    body: str | None = None
    case: Literal["upper", "lower"] = "upper"  # of letters that the groups take from the text
    exact_case: bool = False  # prefixes only as written: where other case is an ordinary word
    spaced: bool = True  # whether blanks, "No.", ":" ... may stand between prefix and body
    needs_cue: bool = False  # believed only where a cue word of the registry is in reach
    alone: Literal["no", "labelled", "checked"] = "no"  # whether the body counts without a prefix:
    # "labelled" directly behind a cue word, "checked" also where it passes its check

    def __hash__(self) -> int:
        return hash((self.canonical, self.prefixes))  # cheap: forms are keys of pattern caches

    @property
    def pattern(self) -> str:
        """The regular expression of the body, with named groups."""
        if self.body is not None:
            return self.body.replace("~", r"[ \-/._]?")
        heads = [rf"{head}\d{{{(self.digits or 0) - len(head)}}}" for head in self.begins]
        return f"(?P<n>{'|'.join(heads)})"

    def number(self, groups: dict[str, str | None]) -> str:
        """Return the canonical number for the groups of a match."""
        if len(groups) == 1 and (n := groups.get("n")) and n.isdigit():
            return self.canonical.replace("{n}", n)  # nearly all numbers
        values = {name: _cased(text or "", self.case) for name, text in groups.items()}
        return self.canonical.format_map(values)


class Registry(Value):
    """A registry, or another family of numbers found in trial reports.

    Entries of kind `decoy` name look-alikes: they keep a look-alike from being read as a trial
    number, are never returned by `find`, and are refused by name by `parse`.
    """

    key: str
    label: str  # customary short name, that of MEDLINE's databank list where there is one
    name: str
    kind: Kind
    forms: tuple[Form, ...]
    source: str  # where the format is stated
    region: str
    rank: int = 1000  # place in the catalogue: decides which number leads when no record says
    years: tuple[int, int | None] = (2000, None)  # first and last year of issue
    check: Check | None = None
    curie: str | None = None  # prefix in the Bioregistry
    url: str | None = None  # template of the record's address; {id} number, {n} its digits
    urls: tuple[str, ...] = ()  # older addresses seen in texts
    cues: tuple[str, ...] = ()  # words that make a bare number believable
    cue_scope: Literal["near", "sentence"] = "near"
    placeholders: tuple[str, ...] = ()  # numbers of the right shape that stand for "none yet"
    examples: tuple[tuple[str, str], ...] = ()  # (as printed, canonical); real unless experimental
    counterexamples: tuple[str, ...] = ()
    experimental: bool = False  # no real example known: off unless named

    def __hash__(self) -> int:
        return hash(self.key)  # cheap: entries are keys of pattern caches

    def url_of(self, number: str) -> str | None:
        """Return the address of a record, or None when a number alone addresses no page."""
        if self.url is None:
            return None
        return self.url.format(id=number, n="".join(filter(str.isdigit, number)))

    def checked(self, number: str) -> CheckDigit | None:
        """Return whether a canonical number passes the check; None when there is nothing to say."""
        passed = self.check.passes(number) if self.check else None
        if passed is None or (self.check and self.check.evidence_only and not passed):
            return None
        return "ok" if passed else "suspect"

    def owns(self, number: str) -> bool:
        """Return whether `number` is a canonical number of this registry."""
        return any(
            match is not None and form.number(match.groupdict()) == number
            for form in self.forms
            for match in [_whole(form).fullmatch(number)]
        )


def _cased(text: str, case: str) -> str:
    compact = text.replace(" ", "")
    return compact.lower() if case == "lower" else compact.upper()


@cache
def _whole(form: Form) -> re.Pattern[str]:
    prefixes = "|".join(map(re.escape, form.prefixes))
    head = f"(?:{prefixes})[ /-]?" if prefixes else ""
    optional = "?" if head and form.alone != "no" else ""
    whole = f"(?:{head}){optional}(?:{form.pattern})"
    return re.compile(whole, re.IGNORECASE | re.ASCII)
