"""The catalogue: every registry and number family that the library knows.

To add a registry, add one `Registry` entry to the module of its region.
"""

from __future__ import annotations

from trialink.registries import africa, americas, asia, decoys, europe, international, oceania
from trialink.registries.entry import Registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["BY_KEY", "REGISTRIES", "Registry", "registry_of", "selected"]

_REGIONS = (international, americas, europe, africa, asia, oceania, decoys)

REGISTRIES: tuple[Registry, ...] = tuple(
    sorted(
        (entry for region in _REGIONS for entry in region.ENTRIES),
        key=lambda entry: (entry.rank, entry.key),
    )
)
BY_KEY: dict[str, Registry] = {entry.key: entry for entry in REGISTRIES}


def registry_of(number: str) -> str:
    """Return the key of the registry that owns a canonical number.

    Raises `ValueError` when no registry of the catalogue does.
    """
    for entry in REGISTRIES:
        if entry.owns(number):
            return entry.key
    raise ValueError(f"{number!r} is no canonical number of a registry in the catalogue")


def selected(registries: Iterable[Registry | str] | None) -> tuple[Registry, ...]:
    """Return the entries named by key, label or as themselves; None names all but experimental.

    Raises `ValueError` for a name that the catalogue does not have.
    """
    if registries is None:
        return tuple(entry for entry in REGISTRIES if not entry.experimental)
    if isinstance(registries, (str, Registry)):
        registries = (registries,)
    return tuple(dict.fromkeys(_named(registry) for registry in registries))


def _named(registry: Registry | str) -> Registry:
    if isinstance(registry, Registry):
        return registry
    wanted = registry.casefold() if isinstance(registry, str) else registry
    for entry in REGISTRIES:
        if wanted in (entry.key.casefold(), entry.label.casefold()):
            return entry
    from trialink.model.shown import brief  # for the error alone: start-up cost

    known = ", ".join(entry.key for entry in REGISTRIES if entry.kind != "decoy")
    named = brief(registry)
    raise ValueError(f"no registry is called {named}; known keys: {known} (labels do too)")
