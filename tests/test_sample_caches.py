"""The caches that all releases have written are opened and answer from, offline."""

from __future__ import annotations

from datetime import timedelta

import pytest
from conftest import store_in
from sample_cache import CACHES, NUMBERS, make, told

import trialink
from trialink import Resolver
from trialink.cache_upkeep import Inspection

RELEASES = sorted(path.name for path in CACHES.iterdir())
EVER = timedelta(days=365 * 1000)  # however long ago the release was


@pytest.fixture(params=RELEASES)
def sample(request, directory):
    """A copy of the cache of a release; return it with what it must answer."""
    for file in (CACHES / request.param).rglob("*.db"):
        copy = directory / file.relative_to(CACHES / request.param)
        copy.parent.mkdir(0o700, parents=True)
        copy.write_bytes(file.read_bytes())
    return directory, (CACHES / request.param / "answers.txt").read_text("utf-8")


def test_this_release_has_left_one():
    assert trialink.__version__ in RELEASES, "run: python -m tests.sample_cache"


def test_the_cache_of_a_release_answers_offline(sample):
    directory, expected = sample
    numbers = [line.split()[0] for line in expected.splitlines()]
    with Resolver(cache=directory, offline=True, max_age=EVER) as resolver:
        answers = resolver.resolve(numbers)
    assert told(answers) == expected
    assert {each.origin for each in answers.values()} == {"assembled"}
    assert resolver.store.refused == 0
    assert {each.outcome for each in answers.values()} == {
        *("found", "moved", "cited", "absent", "unsupported")
    }


def test_the_cache_of_a_release_is_sound_and_takes_more(sample):
    directory, expected = sample
    entries = len(expected.splitlines())
    with store_in(directory) as store:
        assert store.verify() == Inspection(entries=entries)
        store.set_many({"more": b"{}"})
        assert store.verify() == Inspection(entries=entries + 1)
        assert store.trouble is None


def test_the_next_one_is_made_in_the_same_way(tmp_path):
    for name in ("one", "other"):
        make(tmp_path / name)
    one, other = (
        [
            (file.relative_to(tmp_path / name), file.read_bytes())
            for file in sorted((tmp_path / name).rglob("*"))
            if file.is_file()
        ]
        for name in ("one", "other")
    )
    assert one == other
    assert len((tmp_path / "one" / "answers.txt").read_text().splitlines()) == len(NUMBERS)
