"""A registry that changes between requests, for what reads it as a whole."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Mapping
from typing import Any

from trialink.flow import Reply, Request
from trialink.recordings import Recordings
from trialink.testing import FaultyTransport, synthetic_studies

Studies = list[dict[str, Any]]


class Changing:
    """Answers from the studies of the moment: `states` has them by the request they begin with.

    A page has ten studies, however many are asked for. `members` are put in place of those of each
    answered list; `refused` are page tokens that the registry no longer takes.
    """

    page = 10

    def __init__(
        self, states: Mapping[int, Studies], *, refused: Iterable[str] = (), **members: Any
    ) -> None:
        self.states = {number: Recordings(studies=each) for number, each in states.items()}
        self.refused, self.members, self.count = set(refused), members, 0

    def compose(self, request: Request) -> Reply:
        """Return the answer of the studies that there are by now."""
        self.count += 1
        state = self.states[max(each for each in self.states if each <= self.count)]
        params = dict(request.params)
        if params.get("pageToken") in self.refused:
            return Reply(400, "text/plain", b"Parameter `pageToken` has incorrect format")
        if "pageSize" in params and "filter.ids" not in params:
            params["pageSize"] = str(min(int(params["pageSize"]), self.page))
        reply = state.compose(request.replace(params=tuple(params.items())))
        if request.url.endswith("/studies") and self.members:
            reply = reply.replace(body=json.dumps(json.loads(reply.body) | self.members).encode())
        return reply.replace(origin="live")


def registry(studies: Studies, faults: Any = (), **options: Any) -> FaultyTransport:
    """Return a transport to a registry that does not change, and is no recording."""
    transport = FaultyTransport(Changing({1: studies}), faults, **options)
    transport.realm = "a registry"
    return transport


def studies(count: int, **changes: Any) -> Studies:
    """Return invented studies."""
    return [changed(each, **changes) for each in synthetic_studies(count)]


def changed(study: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """Return a study with other members in its identification; `updated`, `data` are dates."""
    other = copy.deepcopy(dict(study))
    if day := changes.pop("updated", None):
        other["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"]["date"] = day
    if day := changes.pop("data", None):
        other["derivedSection"]["miscInfoModule"]["versionHolder"] = day
    other["protocolSection"]["identificationModule"] |= changes
    return other


def number(study: Mapping[str, Any]) -> str:
    """Return the number of a study."""
    return str(study["protocolSection"]["identificationModule"]["nctId"])
