"""The check digit rules of trial numbers.

The rules for NCT, EudraCT, EU CT and ACTRN numbers stand in no official document: they were
derived from tens of thousands of issued numbers.
A rule answers True (passes), False (fails) or None (does not apply).
"""

from __future__ import annotations

from functools import cache

from trialink.registries.entry import Check

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def multiple_of_13(number: str) -> bool | None:
    """Apply ClinicalTrials.gov's rule: from 7000 on, the eight digits are a multiple of 13.

    It detects every substituted digit and every swap of neighbours, since 13 is prime to 10 and
    larger than any difference of two digits. Numbers below 7000 were issued without gaps.
    """
    value = int(_digits(number))
    return value % 13 == 0 if value >= 7000 else None


def crc32_lead(number: str) -> bool | None:
    """Apply the European rule: the third group begins the CRC-32 of the ten digits before it.

    The CRC is zlib's, unsigned, over ASCII digits without hyphens, written in decimal. The fourth
    group of an EU CT number is not covered.
    """
    digits = _digits(number)
    return f"{_crc32()(digits[:10].encode()):d}"[:2] == digits[10:12]


@cache
def _crc32() -> Callable[[bytes], int]:
    from zlib import crc32  # numbers of other registries do without: start-up cost

    return crc32


def anzctr_sums(number: str) -> bool | None:
    """Apply the Australian New Zealand rule: the last three digits are negated digit sums mod 10.

    The first covers the five digits of the year part, the second the six of the serial part, the
    third is the sum of both.
    """
    digits = [int(digit) for digit in _digits(number)]
    year, serial = -sum(digits[:5]) % 10, -sum(digits[5:11]) % 10
    return digits[11:14] == [year, serial, (year + serial) % 10]


def ean8_less_one(number: str) -> bool | None:
    """Apply the rule of old ISRCTN numbers: an EAN-8 sum whose check digit is one too low.

    Numbers since about mid-2014 follow no rule, so only a pass says anything.
    """
    digits = [int(digit) for digit in _digits(number)]
    weighted = sum(digit * (3, 1)[place % 2] for place, digit in enumerate(digits))
    return weighted % 10 == 9


def idrcb_pair(number: str) -> bool | None:
    """Apply the French rule: the pair is 39 + 2 x last digit of year - last digit of serial."""
    digits = _digits(number)
    return int(digits[9:11]) == 39 + 2 * int(digits[3]) - int(digits[8])


def _digits(number: str) -> str:
    body = number.replace("-", "").lstrip(_CAPITALS)
    if body.isascii() and body.isdecimal():
        return body  # nearly all numbers
    return "".join(character for character in number if character in "0123456789")


NCT = Check(multiple_of_13, "has issued only multiples of 13 since about NCT00006600")
EUROPEAN = Check(
    crc32_lead, "numbers end their third group in the check digits of the ten digits before"
)
ANZCTR = Check(anzctr_sums, "numbers end in three check digits over year and serial")
ISRCTN = Check(ean8_less_one, "numbers issued before mid-2014 carry a check digit", True)
IDRCB = Check(idrcb_pair, "numbers end in two check digits over year and serial")
