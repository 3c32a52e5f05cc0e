"""The rules have a version, so that whoever reports results can say which rules made them.

A digest is taken of the catalogue, of the words for repairs and links, and of what the rules make
of every example and every article of this repository. When it changes, results have changed: give
`RULES_VERSION` a new number (once for each release), tell of it in docs/changelog.md, and put the
new digest here.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import get_args

from conftest import FIXTURES

from trialink import REGISTRIES, RULES_VERSION, Linker, check, find
from trialink.model.links import GRADES
from trialink.model.words import Repair

DIGEST = ("1", "e3628d17c6a244da")


def catalogue():
    for entry in REGISTRIES:
        facts = {name: getattr(entry, name) for name in entry._fields}
        facts["forms"] = [
            {name: getattr(form, name) for name in form._fields} for form in entry.forms
        ]
        facts["check"] = entry.check and entry.check.rule
        yield facts


def results():
    texts = [
        *(printed for entry in REGISTRIES for printed, _ in entry.examples),
        *(text for entry in REGISTRIES for text in entry.counterexamples),
        *(path.read_text("utf-8") for path in sorted(FIXTURES.glob("texts/*.txt"))),
    ]
    for text in texts:
        document = Linker(None).read(text).to_dict()
        del document["provenance"]
        yield [document, [str(problem) for problem in check(text)], repr(find(text))]


def test_the_digest_of_the_rules_is_that_of_their_version():
    rules = [[*catalogue()], GRADES, get_args(Repair), [*results()]]
    digest = sha256(json.dumps(rules, sort_keys=True).encode()).hexdigest()[:16]
    assert (RULES_VERSION, digest) == DIGEST, "results have changed: see the docstring above"
