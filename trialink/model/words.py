"""The closed vocabularies of the values; loaded at run time only to read annotations."""

from __future__ import annotations

from typing import Literal

Kind = Literal[
    "registration",
    "regulator",
    "identifier-service",
    "ethics",
    "portfolio",
    "sponsor",
    "decoy",
]
CheckDigit = Literal["ok", "suspect"]
Confidence = Literal["checked", "exact", "cued", "repaired"]
Repair = Literal[
    "letter-for-digit",
    "leading-zeros",
    "split-digits",
    "prefix-typo",
    "full-width-digits",
    "line-break",
]
Code = Literal[
    "digits-missing",
    "digits-extra",
    "placeholder",
    "check-digit",
    "wrong-label",
    "out-of-range",
    "record-conflict",
    "repaired",
    "bare-number",
]
UngroundedCode = Literal[
    "not-stated",
    "check-digit",
    "digits-missing",
    "digits-extra",
    "placeholder",
    "out-of-range",
]
Severity = Literal["error", "warning", "note"]
Outcome = Literal["found", "moved", "cited", "absent", "unsupported", "failed"]
NameOutcome = Literal["found", "ambiguous", "unknown", "failed"]
Origin = Literal["live", "cache", "snapshot", "recorded", "assembled"]
LinkKind = Literal[
    "alias",
    "declared-by-both",
    "register-transition",
    "declared-by-one",
    "same-bracket",
    "apposition",
    "registration-sentence",
    "table-row",
    "same-sponsor-number",
    "same-name",
    "similar-title",
]
Grade = Literal["certain", "declared", "stated", "weak"]
Verdict = Literal["fits", "silent", "conflicts"]
DateBasis = Literal["record", "number", "interpolation"]
RegistrationVerdict = Literal["prospective", "registered-after-start", "unclear"]
ReferenceType = Literal["RESULT", "DERIVED", "BACKGROUND"]
Relation = Literal["reported", "cited", "mentioned"]
Section = Literal[
    "registration",
    "title",
    "abstract",
    "introduction",
    "methods",
    "results",
    "discussion",
    "references",
]
