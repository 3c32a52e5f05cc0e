"""The types of the public API: read by mypy and pyright, never executed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any, Literal, assert_type

import trialink
from trialink import (
    REGISTRIES,
    AsyncLinker,
    AsyncResolver,
    InvalidTrialId,
    LinkedText,
    Linker,
    Mention,
    Mentions,
    NameIndex,
    NameMention,
    NameResolution,
    NameResolutions,
    Problem,
    Record,
    Registry,
    Resolution,
    Resolutions,
    Resolver,
    SourceBlocked,
    SourceError,
    SourceUnavailable,
    Span,
    Trial,
    TrialId,
    TrialinkError,
    UnexpectedPayload,
)
from trialink.model.links import Why


def finding(text: str, mine: Registry) -> None:
    mentions = trialink.find(text)
    assert_type(mentions, Mentions)
    assert_type(mentions[0], Mention)
    assert_type(mentions.ids(), list[TrialId])
    assert_type(mentions.rows(), list[dict[str, Any]])
    assert_type(trialink.find(text, registries=["nct", "EudraCT"]), Mentions)
    assert_type(trialink.find(text, registries=[*REGISTRIES, mine]), Mentions)
    assert_type(trialink.check(text), list[Problem])
    assert_type(trialink.parse(text), TrialId)
    assert_type(trialink.names(text), list[NameMention])
    assert_type(NameIndex().find(text), list[NameMention])
    assert_type(NameIndex().bearers("FUMANBA-1"), tuple[TrialId, ...])


def a_mention(mention: Mention) -> None:
    assert_type(mention.start, int)
    assert_type(mention.end, int)
    assert_type(mention.text, str)
    assert_type(mention.id, TrialId)
    assert_type(mention.cue, Span | None)
    assert_type(mention.confidence, Literal["checked", "exact", "cued", "repaired"])
    assert_type(mention.to_dict(), dict[str, Any])
    assert_type(Mention.from_dict(mention.to_dict()), Mention)
    assert_type(mention.replace(end=12), Mention)
    for repair in mention.repairs:
        assert_type(
            repair,
            Literal[
                "letter-for-digit",
                "leading-zeros",
                "split-digits",
                "prefix-typo",
                "full-width-digits",
                "line-break",
            ],
        )


def values_are_built_by_their_fields() -> None:
    id = TrialId("nct", "NCT05066646")
    assert_type(Span(0, 11, "NCT05066646"), Span)
    assert_type(NameMention(0, 9, "FUMANBA-1", ids=(id,)), NameMention)
    assert_type(Mention(0, 11, "NCT05066646", id), Mention)
    Span(0)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    id.number = "NCT00000000"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]


def an_identifier(id: TrialId, other: TrialId) -> None:
    assert_type(id.registry, str)
    assert_type(id.number, str)
    assert_type(id.label, str)
    assert_type(id.url, str | None)
    assert_type(id.curie, str | None)
    assert_type(id.check_digit, Literal["ok", "suspect"] | None)
    assert_type(id < other, bool)
    assert_type(sorted({id, other}), list[TrialId])


def a_problem(problem: Problem) -> None:
    assert_type(problem.severity, Literal["error", "warning", "note"])
    assert_type(problem.line, int)
    assert_type(problem.column, int)
    assert_type(problem.id, TrialId | None)
    assert_type(problem.registry, str | None)
    assert_type(problem.message, str)
    assert_type(problem.candidates, tuple[TrialId, ...])
    assert_type(problem.suggestion, TrialId | None)
    if problem.code == "check-digit":
        assert_type(problem.code, Literal["check-digit"])


def resolving(mentions: Mentions, directory: Path) -> None:
    with Resolver(cache=directory, contact="someone@example.org") as resolver:
        assert_type(resolver, Resolver)
        assert_type(resolver.resolve("NCT05066646"), Resolutions)
        assert_type(resolver.resolve(["NCT05066646", TrialId("nct", "NCT05066646")]), Resolutions)
        assert_type(resolver.resolve(mentions), Resolutions)
        assert_type(resolver.look_up_names(["FUMANBA-1"]), NameResolutions)
        assert_type(resolver.look_up_names("FUMANBA-1")["FUMANBA-1"], NameResolution)
        assert_type(Linker(resolver), Linker)
    Resolver(cache=None, offline=True, max_age=timedelta(days=1), deadline=60.0, progress=True)
    Linker("NCT05066646")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


async def resolving_awaited(text: str) -> None:
    async with AsyncResolver() as resolver:
        assert_type(resolver, AsyncResolver)
        assert_type(await resolver.resolve("NCT05066646"), Resolutions)
        linker = AsyncLinker(resolver)
        assert_type(await linker.read(text), LinkedText)
        async for document in linker.read_many([text]):
            assert_type(document, LinkedText)
    async with AsyncLinker() as own:
        assert_type(own, AsyncLinker)


def a_record(record: Record, text: str, mention: Mention) -> None:
    assert_type(Record.from_api({}), Record)
    assert_type(record.id, TrialId)
    assert_type(record.aliases, tuple[TrialId, ...])
    assert_type(record.acronym, str | None)
    assert_type(record.phases, tuple[str, ...])
    assert_type(record.enrollment_count, int | None)
    assert_type(record.secondary_ids[0].domain, str | None)
    assert_type(record.has_results, bool)
    assert_type(record.drift, int)
    assert_type(trialink.agreement(text, mention, record), trialink.Agreement)
    assert_type(trialink.declarations([record]), list[trialink.Link])
    assert_type(trialink.names(text, [record]), list[NameMention])
    assert_type(trialink.link([record]), list[Trial])
    assert_type(trialink.implied_date(record.id), trialink.RegistrationDate)


def linking(text: str) -> None:
    with Linker(None) as linker:
        assert_type(linker, Linker)
        document = linker.read(text)
        assert_type(document, LinkedText)
        assert_type(linker.read_many([text, ("key", text)]), Iterator[LinkedText])
        assert_type(linker.read_many([text], lot=None), Iterator[LinkedText])
    assert_type(document.source, str | None)
    assert_type(document.characters, int)
    assert_type(document.mentions, Mentions)
    assert_type(document.names, list[NameMention])
    assert_type(document.problems, list[Problem])
    assert_type(document.resolutions, Resolutions)
    assert_type(document.resolutions["NCT05066646"], Resolution)
    assert_type(document.trials, list[Trial])
    assert_type(document.agreement, list[trialink.Agreement])
    assert_type(document.provenance, trialink.Provenance)
    assert_type(document.rows(), list[dict[str, Any]])
    assert_type(document.to_html(), str)
    stated = trialink.statements(text)
    assert_type(stated, list[trialink.Link])
    assert_type(trialink.link(statements=stated, accept="declared"), list[Trial])


def a_trial(trial: Trial) -> None:
    assert_type(trial.key, str)
    assert_type(trial.preferred, TrialId)
    assert_type(trial.ids, tuple[TrialId, ...])
    assert_type(trial.names, tuple[str, ...])
    assert_type(trial.links, tuple[trialink.Link, ...])
    assert_type(trial.related, tuple[trialink.Related, ...])
    assert_type(trial.is_cross_registered, bool)
    assert_type(trial.why("CTR20192510", trial.preferred), Why)
    assert_type(trialink.publications(trial), list[trialink.Publication])
    assert_type(trialink.publication_links(trial.key), list[trialink.PublicationLink])
    registered = trialink.registration(trial)
    assert_type(registered, trialink.Registration)
    assert_type(registered.verdict, Literal["prospective", "registered-after-start", "unclear"])
    assert_type(registered.dates, tuple[trialink.RegistrationDate, ...])
    for link in trial.links:
        assert_type(link.grade, Literal["certain", "declared", "stated", "weak"])
        assert_type(link.where, Span | trialink.RecordField)
        assert_type(link.beside, Span | None)


def grounding(answer: str, document: LinkedText, record: Record, mentions: Mentions) -> None:
    found = trialink.ungrounded(answer, [answer, document, record, *mentions, *document.trials])
    assert_type(found, list[trialink.Ungrounded])
    assert_type(trialink.ungrounded(answer, mentions), list[trialink.Ungrounded])
    assert_type(
        found[0].code,
        Literal[
            "not-stated",
            "check-digit",
            "digits-missing",
            "digits-extra",
            "placeholder",
            "out-of-range",
        ],
    )
    assert_type(found[0].id, TrialId | None)
    assert_type(found[0].nearest, tuple[TrialId, ...])


def a_resolution(resolution: Resolution, answers: Resolutions) -> None:
    assert_type(
        resolution.outcome, Literal["found", "moved", "cited", "absent", "unsupported", "failed"]
    )
    assert_type(
        resolution.origin, Literal["live", "cache", "snapshot", "recorded", "assembled"] | None
    )
    assert_type(resolution.record, Record | None)
    assert_type(resolution.records, tuple[Record, ...])
    assert_type(resolution.stale, bool)
    assert_type(resolution.retrieved_at, str | None)
    assert_type(resolution.reason, str | None)
    assert_type(answers.failed, tuple[Resolution, ...])
    assert_type(answers.raise_for_failed(), Resolutions)
    assert_type(answers.rejected, tuple[tuple[str, InvalidTrialId], ...])


def snapshots(resolver: Resolver, path: str) -> None:
    assert_type(resolver.build_snapshot(path), trialink.SnapshotInfo)
    assert_type(resolver.update_snapshot(path, progress=print), trialink.SnapshotInfo)
    with trialink.Snapshot(path) as table:
        assert_type(table, trialink.Snapshot)
        assert_type(table.record("NCT05066646"), Record | None)
        assert_type(table.naming("CTR20192510"), tuple[TrialId, ...])
        assert_type(table.info.complete, bool)
    Resolver(snapshot=table, cache=None).close()


def rendering(text: str, mentions: Mentions) -> None:
    assert_type(trialink.annotate(text, mentions), str)
    assert_type(trialink.annotate(text, mentions, lambda mention: f"[{mention.id}]", str), str)
    assert_type(trialink.html_mark(mentions[0]), str)
    assert_type(trialink.render(mentions, "csv"), str)
    assert_type(trialink.write(mentions, StringIO(), "jsonl"), None)
    formats: list[str] = list(trialink.FORMATS)
    assert_type(formats, list[str])
    assert_type(trialink.schema(), dict[str, Any])


def rows(linker: Linker) -> None:
    enriched = trialink.enrich([{"note": "see NCT05066646"}], text="note")
    assert_type(enriched, Iterator[dict[str, Any]])
    assert_type(
        trialink.enrich([], text="note", linker=linker, prefix="t_"), Iterator[dict[str, Any]]
    )


def the_catalogue() -> None:
    assert_type(REGISTRIES, tuple[Registry, ...])
    assert_type(REGISTRIES[0].key, str)
    assert_type(REGISTRIES[0].url_of("NCT05066646"), str | None)
    assert_type(trialink.about(), dict[str, Any])
    version: str = trialink.__version__
    assert version


def errors(unread: str) -> None:
    try:
        trialink.parse(unread)
    except InvalidTrialId as error:
        assert_type(error.text, str)
        assert_type(error.reason, str)
        assert_type(error.registry, str | None)
        told: list[ValueError | TrialinkError] = [error]
        assert_type(told[0], ValueError | TrialinkError)
    except SourceError as error:
        assert_type(error.source, str | None)
        assert_type(error.url, str | None)
        assert_type(error.attempts, int)
        assert_type(error.advice, str)
    kinds: list[Callable[[str], SourceError]] = [
        SourceUnavailable,
        SourceBlocked,
        UnexpectedPayload,
    ]
    assert_type(kinds[0]("timeout"), SourceError)
