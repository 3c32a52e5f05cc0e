"""What is counted or measured: digits before it are no number of a trial."""

from __future__ import annotations

from trialink.finding.grammar import LETTER
from trialink.finding.patterns import lazily
from trialink.finding.view import View

FEW = 7  # digits of a number that is no count
_REACH = 96  # code points behind digits that say what they count

# What reports of trials count most; other words in the plural are known by the verb behind them.
_COUNTED = (
    *("men", "women", "children", "people", "patients", "participants", "subjects", "persons"),
    *("individuals", "adults", "adolescents", "infants", "neonates", "newborns", "boys", "girls"),
    *("males", "females", "mothers", "volunteers", "controls", "cases", "recipients", "donors"),
    *("students", "residents", "respondents", "survivors", "events", "deaths", "samples", "doses"),
    *("trials", "studies", "records", "registrations", "centres", "centers", "sites", "hospitals"),
    *("eyes", "days", "weeks", "months", "years", "hours", "minutes", "per"),
    *("patiënten", "deelnemers", "vrouwen", "mannen", "kinderen", "proefpersonen"),
)
_PLURAL = r"[a-z]{3,20}s\s{1,2}(?:were|are|have|had|who|aged|of)"
_QUALITY = (
    r"(?:(?!(?:and|are|but|for|from|had|has|its|that|the|was|were|which|with)\s)"
    r"[A-Za-z\-]{3,20}\s{1,2})?"
)
_UNITS = (
    "(?:[mcdnpuµμ]?[lL]|[mknpuµμ]?g|IU|mm|cm|km|kDa|[mnµμ]?mol|Hz|bp|kb|EUR|USD|GBP|CHF|JPY|AUD)"
)
_MONEY = (
    *("euros", "dollars", "pounds", "francs", "kroner", "kronor", "yen", "yuan", "rupees", "baht"),
    *("rand", "reais"),
)
_MEASURED = (
    rf"\s{{0,2}}(?:%|{_UNITS}(?![{LETTER}]))"
    rf"|\s{{1,2}}{_QUALITY}(?:{'|'.join(_MONEY)})(?![{LETTER}])"
)
_MEASURE_BEHIND = lazily(_MEASURED)
_BEHIND = lazily(
    rf"{_MEASURED}"
    rf"|\s{{1,2}}{_QUALITY}(?:{'|'.join(_COUNTED)}|{_PLURAL})(?![{LETTER}])"
    # A postcode of the Netherlands, where it is no word in capitals.
    r"|\s?(?!AND|OR|EN|OF|IN|ON|AT|IS)[A-Z]{2}(?![A-Za-z0-9\-])"
)
_DATE = lazily(  # also a year alone
    "(?:19[0-9]{2}|20[0-4][0-9])(?:(?:0[1-9]|1[0-2])[0-3][0-9])?"
    "|[0-3][0-9][0-3][0-9](?:19|20)[0-9]{2}"
)


def is_date(digits: str) -> bool:
    """Return whether digits are those of a year or of a day."""
    return _DATE.fullmatch(digits) is not None


def is_measured(view: View, end: int) -> bool:
    """Return whether a unit or a currency stands behind digits that end at a place."""
    return _MEASURE_BEHIND.match(view.stretch(end, end + _REACH)) is not None


def is_counted(view: View, end: int) -> bool:
    """Return whether digits that end at a place count or measure what stands behind them."""
    return _BEHIND.match(view.stretch(end, end + _REACH)) is not None
