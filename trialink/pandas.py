"""`import trialink.pandas` gives pandas its accessor; see `trialink.adapters.pandas`."""

from trialink.adapters.pandas import FrameAccessor, SeriesAccessor

__all__ = ["FrameAccessor", "SeriesAccessor"]
