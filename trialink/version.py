"""The version of the package and of its rules, and all that results depend on."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

VERSION = "0.1.0"
RULES_VERSION = "1"
_REQUIREMENTS = ("httpx", "tenacity", "pydantic", "diskcache", "platformdirs")


def about() -> dict[str, Any]:
    """Return the versions that results depend on: program, rules, catalogue, Python, libraries.

    >>> import trialink
    >>> sorted(trialink.about())
    ['python', 'registries', 'requirements', 'rules', 'trialink']
    """
    import platform

    from trialink.registries import REGISTRIES

    return {
        "trialink": VERSION,
        "rules": RULES_VERSION,
        "registries": len(REGISTRIES),
        "python": platform.python_version(),
        "requirements": {name: _installed(name) for name in _REQUIREMENTS},
    }


def _installed(name: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return None


def check_contact(contact: str | None) -> None:
    """Raise `ValueError` for a contact that cannot stand in the name under which we ask."""
    if contact and not (contact.isascii() and contact.isprintable()):
        raise ValueError("contact must be an address or URL in printable ASCII, on one line")
