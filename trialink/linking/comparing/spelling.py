"""A value of a record in, the spellings out in which texts give it."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


# Countries of the registry's sites, in its own spelling; those first that hold most trials.
COUNTRIES = (
    *("United States", "China", "France", "Germany", "United Kingdom", "Italy", "Spain", "Japan"),
    *(
        "Canada",
        "Netherlands",
        "Belgium",
        "Australia",
        "Switzerland",
        "Sweden",
        "Denmark",
        "Israel",
    ),
    *("South Korea", "India", "Brazil", "Poland", "Austria", "Egypt", "Taiwan", "Mexico"),
    *("Israel", "Norway"),
    *("Finland", "Ireland", "Greece", "Portugal", "Czechia", "Hungary", "Romania", "Bulgaria"),
    *("Turkey (T\u00fcrkiye)", "Iran", "Pakistan", "Thailand", "Singapore", "Malaysia", "Vietnam"),
    *("Russia", "Ukraine", "Argentina", "Chile", "Colombia", "Peru", "South Africa", "Nigeria"),
    *("Kenya", "Uganda", "Saudi Arabia", "New Zealand", "Hong Kong", "Philippines", "Indonesia"),
)
_COUNTRY_NAMES: dict[str, tuple[str, ...]] = {
    "United States": ("USA", "US", "United States of America"),
    "United Kingdom": ("UK", "Great Britain"),
    "South Korea": ("Republic of Korea", "Korea"),
    "Korea, Republic of": ("South Korea", "Republic of Korea", "Korea"),
    "Turkey (Türkiye)": ("Turkey", "Türkiye"),
    "Türkiye": ("Turkey",),
    "Czechia": ("Czech Republic",),
    "Russian Federation": ("Russia",),
    "Iran, Islamic Republic of": ("Iran",),
    "Vietnam": ("Viet Nam",),
    "United Arab Emirates": ("UAE",),
}
_BRACKETED = re.compile(r"\([^()]*\)")
_SHORT_FORM = re.compile(r"\((?P<short>(?=[^()]*[A-Z\d])[A-Za-z][\w-]{2,14})\)$")
_STAGE = re.compile(  # words before a condition, and behind it, that say how far it has come
    r"^(?:(?:relapsed?|refractory|recurrent|advanced|metastatic|newly[ -]diagnosed|untreated|adult"
    r"|childhood|pediatric|paediatric|acute on|severe|moderate|mild|locally|unresectable|and|or|to)"
    r"(?:[\s/,]{1,2}|-(?=ref)))+"
    r"|(?:,? (?:relapsed?|refractory|recurrent|adult|in relapse|stage \S+))+$",
    re.IGNORECASE,
)
_PRODUCT_KIND = re.compile(r"^(?:drug|device|biological|procedure|other): ", re.IGNORECASE)
_PRODUCT_FORM = re.compile(
    r"(?: (?:tablets?|capsules?|injection|infusion|\d\S{0,20}))+$", re.IGNORECASE
)
_PRODUCT_BREAK = re.compile(r"[,;]| \+ ")


def spellings(value: str) -> Iterator[str]:
    """Yield a value, the abbreviation that ends it, itself without brackets, turned at a comma.

    "Carcinoma, Renal Cell (RCC)" is also RCC, "Carcinoma, Renal Cell" and "Renal Cell Carcinoma".
    """
    yield value
    if short := _SHORT_FORM.search(value):
        yield short["short"]
    bare = _BRACKETED.sub("", value).strip()
    yield bare
    if bare.count(",") == 1:
        yield " ".join(reversed(bare.split(",")))


def condition_spellings(value: str) -> Iterator[str]:
    """Yield the spellings of a condition, then those without words for its stage.

    "Relapsed/Refractory Multiple Myeloma" is also "Multiple Myeloma"; one word left is too few.
    """
    yield from spellings(value)
    for each in {*spellings(_STAGE.sub("", value).strip())}:
        if each != value and len(each.split()) > 1:
            yield each


def product_spellings(value: str) -> Iterator[str]:
    """Yield the spellings of a value, then its products one by one, without kind, form and dose."""
    yield from spellings(value)
    for part in _PRODUCT_BREAK.split(_BRACKETED.sub("", _PRODUCT_KIND.sub("", value))):
        product = _PRODUCT_FORM.sub("", part.strip())
        if len(product) > 5:
            yield product


def country_spellings(name: str) -> tuple[str, ...]:
    """Return the names under which texts know a country of the API."""
    return (name, *_COUNTRY_NAMES.get(name, ()))
