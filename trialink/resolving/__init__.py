"""From identifiers to what the registries say of them."""

from __future__ import annotations

from trialink.resolving.resolver import AsyncResolver, Resolver

__all__ = ["AsyncResolver", "Resolver"]
