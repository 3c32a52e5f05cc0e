"""The tables of the docs, written from the code: `python docs/generate.py` brings them up to date.

A page holds a table between `<!-- begin NAME -->` and `<!-- end -->`; the suite checks that what
stands there is what this file writes.
"""

from __future__ import annotations

import re
import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

import trialink
from trialink.freshness import FRESH_DAYS, OTHERWISE_DAYS
from trialink.model.links import GRADES, RELATIONS
from trialink.model.mentions import SEVERITIES

DOCS = Path(__file__).parent
_REGION = re.compile(r"(<!-- begin (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)

_CODES = {  # what each code says, and a text that has it
    "digits-missing": ("A prefix with too few digits.", "see NCT0506664"),
    "digits-extra": ("A prefix with too many digits.", "see NCT050666466"),
    "placeholder": ("A number that stands for \u201cnone yet\u201d.", "see NCT01234567"),
    "check-digit": ("Well formed, but the check fails.", "see NCT05066647"),
    "wrong-label": ("The text names another registry.", "see ISRCTN NCT05066646"),
    "out-of-range": ("No such number was ever issued.", "see NCT95066646"),
    "record-conflict": ("The record of the number fits another trial.", ""),  # needs the record
    "repaired": ("Mended to be read; the repair is named.", "see NTC05066646"),
    "bare-number": ("A cue word is near, but not joined to it.", "ClinicalTrials.gov has 05066646"),
}
_REPAIRS = {  # what each repair mends, and a text that needs it
    "letter-for-digit": ("O, l, I, S or B where a digit must be", "NCT05O66646"),
    "leading-zeros": ("zeros dropped after the prefix", "NCT1224028"),
    "split-digits": ("blanks inside the number", "NCT 0506 6646"),
    "prefix-typo": ("letters of the prefix swapped or doubled", "NTC05066646"),
    "full-width-digits": (
        "characters of double width",
        "\uff2e\uff23\uff34\uff10\uff15\uff10\uff16\uff16\uff16\uff14\uff16",
    ),
    "line-break": ("a new line inside the number, with or without a hyphen", "NCT0506-\n6646"),
}
_KINDS = {  # what each kind of link rests on
    "alias": "the record lists the other number as an older number of its own",
    "declared-by-both": "both records name each other",
    "register-transition": "a record names a number of the register whose trials its own took over",
    "declared-by-one": "one record names the other number",
    "same-bracket": "the text gives both in one bracket",
    "apposition": "the text gives one as another name of the other",
    "registration-sentence": "one sentence on the registration of one trial gives both",
    "table-row": "one row of a table gives both",
    "same-sponsor-number": "both records carry the same rare number of the same sponsor",
    "same-name": "both records carry the same rare trial name",
    "similar-title": "the titles of both records are alike and no commonplace",
}
_RELATIONS = {  # what each relation says, and the words or the field that tell it
    "extension": ("an extension or roll-over study", "titles, words beside a number"),
    "follow-up": ("a later follow-up study", "titles, words beside a number"),
    "sub-study": ("a sub-study or ancillary study", "titles, words beside a number"),
    "expanded-access": ("access outside the trial", "the record's field, titles, words"),
    "part": ("an arm, cohort or sub-protocol of a platform", "titles, words beside a number"),
    "pooled-analysis": ("an analysis over several trials", "titles"),
    "pilot": ("a pilot or feasibility study", "words beside a number"),
    "parent": ("the parent or main study", "words beside a number"),
    "companion": ("a sister, companion or related study", "words beside a number"),
}
_REASONS = {  # why evidence did not merge
    "suspect-number": "its check digit fails; a text gives it, or a record beside a sound number",
    "absent-number": "a text gives it, and its own registry denies it",
    "shared-number": "several trials claim the number",
    "same-registry": "two current numbers of one registry would be one trial",
    "live-number": "the alias has a record of its own that is not older",
    "related-trial": "two trials that are related would be one",
    "weak-evidence": "the kind of evidence is not accepted (`accept=`)",
}


def registries() -> str:
    """Return the table of the registries whose numbers `find` returns."""
    rows = [
        (
            f"`{entry.key}`",
            entry.label,
            entry.name,
            entry.region,
            f"`{entry.examples[0][1]}`" if entry.examples else "",
            ("passes only" if entry.check.evidence_only else "yes") if entry.check else "",
            f"`{entry.curie}`" if entry.curie else "",
            "yes" if entry.url else "",
        )
        for entry in trialink.REGISTRIES
        if entry.kind != "decoy" and not entry.experimental
    ]
    headings = ("key", "label", "name", "where", "example", "check", "CURIE prefix", "page")
    return _table(headings, rows)


def experimental() -> str:
    """Return the table of the entries that are off unless they are named."""
    rows = [
        (f"`{entry.key}`", entry.label, entry.name, entry.region)
        for entry in trialink.REGISTRIES
        if entry.kind != "decoy" and entry.experimental
    ]
    return _table(("key", "label", "name", "where"), rows) if rows else "There is none.\n"


def decoys() -> str:
    """Return the table of the look-alikes that are never returned."""
    rows = [
        (f"`{entry.key}`", entry.label, entry.name, f"`{entry.examples[0][1]}`")
        for entry in trialink.REGISTRIES
        if entry.kind == "decoy"
    ]
    return _table(("key", "label", "name", "example"), rows)


def codes() -> str:
    """Return the table of the codes of problems, with what `check` says of an example."""
    rows = []
    for code, severity in SEVERITIES.items():
        meaning, text = _CODES[code]
        for problem in trialink.check(text):
            if problem.code == code:
                told = str(problem).partition(f"{problem.text}: ")[2]
                rows.append((f"`{code}`", severity, meaning, f"`{text}`", told))
    return _table(("code", "severity", "what it means", "example", "what is printed"), rows)


def repairs() -> str:
    """Return the table of the repairs that `find` makes, each with an example that it mends."""
    rows = []
    for repair, (meaning, text) in _REPAIRS.items():
        for mention in trialink.find(text):
            if repair in mention.repairs:
                shown = text.replace("\n", "\u23ce")
                rows.append((f"`{repair}`", meaning, f"`{shown}`", f"`{mention.id}`"))
    return _table(("repair", "what is mended", "printed", "read as"), rows)


def kinds() -> str:
    """Return the table of the kinds of links, strongest first."""
    rows = [(f"`{kind}`", grade, _KINDS[kind]) for kind, grade in GRADES.items()]
    return _table(("kind", "grade", "what it rests on"), rows)


def relations() -> str:
    """Return the table of what a trial can be to another without being the same."""
    rows = [(f"`{name}`", f"`{name}-of`", *_RELATIONS[name]) for name in RELATIONS[::2]]
    return _table(("relation", "its reverse", "what it says", "what tells it"), rows)


def reasons() -> str:
    """Return the table of the other reasons for which evidence does not merge."""
    return _table(
        ("reason", "why the two stay apart"), [(f"`{k}`", v) for k, v in _REASONS.items()]
    )


def freshness() -> str:
    """Return the table of how many days an answer is fresh."""
    by_days: dict[int, list[str]] = {}
    for what, days in FRESH_DAYS.items():
        by_days.setdefault(days, []).append(f"`{what}`")
    by_days.setdefault(OTHERWISE_DAYS, []).append("everything else")
    rows = [(str(days), ", ".join(by_days[days])) for days in sorted(by_days)]
    return _table(("days", "outcome, or status of the record"), rows)


def accuracy() -> str:
    """Return the table of what each finder makes of the corpus."""
    scores = _scores()
    return _table(scores.OVERVIEW, scores.overview())


def accuracy_fresh() -> str:
    """Return the same of the first part that nothing was changed to suit."""
    scores = _scores()
    return _table(scores.OVERVIEW, scores.overview("fresh"))


def accuracy_sealed() -> str:
    """Return the same of the second."""
    scores = _scores()
    return _table(scores.OVERVIEW, scores.overview("sealed"))


def accuracy_by_difficulty() -> str:
    """Return the table of recall by difficulty."""
    scores = _scores()
    return _table(("difficulty", "identifiers", *scores.FINDERS), scores.by_difficulty())


def accuracy_by_registry() -> str:
    """Return the table of recall and wrong identifiers by registry."""
    scores = _scores()
    wrong = (f"wrong: {name}" for name in scores.FINDERS)
    return _table(("registry", "identifiers", *scores.FINDERS, *wrong), scores.by_registry())


def accuracy_fired() -> str:
    """Return the table of the look-alikes that were taken for identifiers."""
    scores = _scores()
    return _table(("kind", "look-alikes", *scores.FINDERS), scores.fired())


def accuracy_sealed_missed() -> str:
    """Return a sentence on what is missed of that part."""
    return f"{_scores().missed_in_words('sealed')}\n"


def accuracy_mended() -> str:
    """Return the sentences on mended identifiers and on what `check` reports."""
    return f"{_scores().in_words()}\n"


def linking_accuracy() -> str:
    """Return the table of what each linker makes of the linking corpus."""
    scores = _scores("linking_accuracy")
    return _table(scores.OVERVIEW, scores.overview())


def linking_accuracy_by_file() -> str:
    """Return the same by file of the corpus."""
    scores = _scores("linking_accuracy")
    return _table(scores.OVERVIEW, scores.by_file())


def linking_accuracy_of_relations() -> str:
    """Return the sentence on relations."""
    return f"{_scores('linking_accuracy').in_words()}\n"


@cache
def _scores(name: str = "accuracy") -> ModuleType:
    """Return a module that scores finders or linkers; they are part of the suite."""
    sys.path.insert(0, str(DOCS.parent / "tests"))
    return import_module(name)


def current(page: str) -> str:
    """Return a page with every table as the code has it now."""
    return _REGION.sub(lambda region: f"{region[1]}{globals()[region[2]]()}{region[3]}", page)


def _table(headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [headings, tuple("---" for _ in headings), *rows]
    return "".join(
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines
    )


def pages() -> list[Path]:
    """Return all pages of the docs."""
    return sorted(DOCS.glob("*.md"))


if __name__ == "__main__":
    for path in pages():
        before = path.read_text(encoding="utf-8")
        if (after := current(before)) != before:
            path.write_text(after, encoding="utf-8", newline="\n")
            print(f"updated {path.name}")
