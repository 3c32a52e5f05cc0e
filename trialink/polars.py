"""`import trialink.polars` gives Polars its namespaces; see `trialink.adapters.polars`."""

from trialink.adapters.polars import ExprNamespace, FrameNamespace, LazyNamespace, SeriesNamespace

__all__ = ["ExprNamespace", "FrameNamespace", "LazyNamespace", "SeriesNamespace"]
