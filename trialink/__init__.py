"""Find clinical-trial registration identifiers in text, resolve them, link the same trials.

    text --find--> mentions --resolve--> resolutions --link--> trials --render--> html, jsonl ...

`find`, `check`, `names`, `statements` and `Linker(None)` need no network.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trialink.adapters.rows import enrich
    from trialink.errors import (
        InvalidTrialId,
        SourceBlocked,
        SourceError,
        SourceUnavailable,
        TrialinkError,
        UnexpectedPayload,
    )
    from trialink.finding import Mentions, NameIndex, check, find, names, parse
    from trialink.grounding import Ungrounded, ungrounded
    from trialink.json_schema import schema
    from trialink.linker import AsyncLinker, LinkedText, Linker
    from trialink.linking import declarations, link, statements
    from trialink.linking.comparing.agreement import agreement
    from trialink.linking.dating import RegistrationDate, implied_date
    from trialink.linking.publications import (
        Publication,
        PublicationLink,
        publication_links,
        publications,
    )
    from trialink.linking.timing import Registration, registration
    from trialink.model.ids import TrialId
    from trialink.model.links import (
        Agreement,
        Aspect,
        Link,
        Provenance,
        RecordField,
        Related,
        Trial,
        Why,
    )
    from trialink.model.mentions import Mention, NameMention, Problem, Span
    from trialink.model.name_resolutions import NameResolution, NameResolutions
    from trialink.model.resolutions import Resolution, Resolutions
    from trialink.registries import REGISTRIES, Registry
    from trialink.rendering import FORMATS, annotate, html_mark, render, write
    from trialink.resolving import AsyncResolver, Resolver
    from trialink.snapshot import Snapshot, SnapshotInfo
    from trialink.sources.record import Record
    from trialink.version import RULES_VERSION, about
    from trialink.version import VERSION as __version__

# Where each public name lives; modules are loaded when a name is first used (PEP 562).
_HOMES = {
    "FORMATS": "rendering",
    "REGISTRIES": "registries",
    "RULES_VERSION": "version",
    "Agreement": "model.links",
    "Aspect": "model.links",
    "AsyncLinker": "linker",
    "AsyncResolver": "resolving",
    "InvalidTrialId": "errors",
    "Link": "model.links",
    "LinkedText": "linker",
    "Linker": "linker",
    "Mention": "model.mentions",
    "Mentions": "finding",
    "NameIndex": "finding",
    "NameMention": "model.mentions",
    "NameResolution": "model.name_resolutions",
    "NameResolutions": "model.name_resolutions",
    "Problem": "model.mentions",
    "Provenance": "model.links",
    "Publication": "linking.publications",
    "PublicationLink": "linking.publications",
    "Record": "sources.record",
    "RecordField": "model.links",
    "Registration": "linking.timing",
    "RegistrationDate": "linking.dating",
    "Registry": "registries",
    "Related": "model.links",
    "Resolution": "model.resolutions",
    "Resolutions": "model.resolutions",
    "Resolver": "resolving",
    "Snapshot": "snapshot",
    "SnapshotInfo": "snapshot",
    "SourceBlocked": "errors",
    "SourceError": "errors",
    "SourceUnavailable": "errors",
    "Span": "model.mentions",
    "Trial": "model.links",
    "TrialId": "model.ids",
    "TrialinkError": "errors",
    "UnexpectedPayload": "errors",
    "Ungrounded": "grounding",
    "Why": "model.links",
    "about": "version",
    "agreement": "linking.comparing.agreement",
    "annotate": "rendering",
    "check": "finding",
    "declarations": "linking",
    "enrich": "adapters.rows",
    "find": "finding",
    "html_mark": "rendering",
    "implied_date": "linking.dating",
    "link": "linking",
    "names": "finding",
    "parse": "finding",
    "publication_links": "linking.publications",
    "publications": "linking.publications",
    "registration": "linking.timing",
    "render": "rendering",
    "schema": "json_schema",
    "statements": "linking",
    "ungrounded": "grounding",
    "write": "rendering",
}

__all__ = [
    "FORMATS",
    "REGISTRIES",
    "RULES_VERSION",
    "Agreement",
    "Aspect",
    "AsyncLinker",
    "AsyncResolver",
    "InvalidTrialId",
    "Link",
    "LinkedText",
    "Linker",
    "Mention",
    "Mentions",
    "NameIndex",
    "NameMention",
    "NameResolution",
    "NameResolutions",
    "Problem",
    "Provenance",
    "Publication",
    "PublicationLink",
    "Record",
    "RecordField",
    "Registration",
    "RegistrationDate",
    "Registry",
    "Related",
    "Resolution",
    "Resolutions",
    "Resolver",
    "Snapshot",
    "SnapshotInfo",
    "SourceBlocked",
    "SourceError",
    "SourceUnavailable",
    "Span",
    "Trial",
    "TrialId",
    "TrialinkError",
    "UnexpectedPayload",
    "Ungrounded",
    "Why",
    "__version__",
    "about",
    "agreement",
    "annotate",
    "check",
    "declarations",
    "enrich",
    "find",
    "html_mark",
    "implied_date",
    "link",
    "names",
    "parse",
    "publication_links",
    "publications",
    "registration",
    "render",
    "schema",
    "statements",
    "ungrounded",
    "write",
]


def __getattr__(name: str) -> object:
    if name == "__version__":
        from trialink.version import VERSION

        return VERSION
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # By `importlib` it takes longer: that loads `warnings` first.
    value = getattr(__import__(f"trialink.{_HOMES[name]}", fromlist=[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
