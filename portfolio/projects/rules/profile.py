"""Rules of what an office states beside the facts: credit codes, telephones, scales; and what others see of people."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from portfolio.core import plain_text
from portfolio.core.errors import FieldError
from portfolio.core.number_reading import read_number
from portfolio.scheme.rules import credit_code_holds

SINGLE = {
    "owner_credit_code": 18,
    "address": 200,
    "affiliation": 12,
    "supervision_unit": 120,
    "cross_province_doc": 120,
}
AFFILIATIONS = ("none", "central", "local", "enterprise")
BASIS_KINDS = ("policy", "plan", "strategy", "direction")
CONTACT_ROLES = ("responsible", "contact")
BLANK: Mapping[str, Any] = {**dict.fromkeys(SINGLE, ""), "bases": {}, "scales": [], "contacts": []}
MOBILE = re.compile(r"^1[3-9]\d{9}$")
LANDLINE = re.compile(r"^(0\d{2,3}-?)?\d{7,8}(-\d{1,6})?$")
EMAIL = re.compile(r"^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$")
LISTED = 20
LIMITS = {"words": 300, "doc_no": 80, "name": 40, "unit": 20, "landline": 30, "email": 120}
MAX_THOUSANDTHS = 9 * 10**15


def profile_faults(profile: Mapping[str, Any]) -> list[FieldError]:
    """Every fault of a profile, field by field; a row of a list is named `scales.0.quantity`."""
    return [
        *plain_text.faults({name: profile[name] for name in BLANK}),
        *_single_faults(profile),
        *_basis_faults(profile["bases"]),
        *_scale_faults(profile["scales"]),
        *_contact_faults(profile["contacts"]),
    ]


def _single_faults(profile: Mapping[str, Any]) -> Iterable[FieldError]:
    for name, limit in SINGLE.items():
        if len(profile[name]) > limit:
            yield FieldError(name, "field.too_long", {"limit": limit})
    code = profile["owner_credit_code"]
    if code and not credit_code_holds(code):
        yield FieldError("owner_credit_code", "profile.bad_credit_code", {"value": code})
    if profile["affiliation"] not in ("", *AFFILIATIONS):
        yield FieldError("affiliation", "field.unknown_code", {"value": profile["affiliation"]})


def _basis_faults(bases: Mapping[str, Mapping[str, str]]) -> Iterable[FieldError]:
    for kind, basis in bases.items():
        if kind not in BASIS_KINDS:
            yield FieldError("bases", "field.unknown_code", {"value": kind})
        yield from _too_long(f"bases.{kind}", basis, ("words", "doc_no"))


def _scale_faults(scales: list[Mapping[str, str]]) -> Iterable[FieldError]:
    if len(scales) > LISTED:
        yield FieldError("scales", "profile.too_many", {"limit": LISTED})
    for place, scale in enumerate(scales):
        for name in ("name", "unit"):
            if not scale.get(name):
                yield FieldError(f"scales.{place}.{name}", "field.required")
        yield from _too_long(f"scales.{place}", scale, ("name", "unit"))
        if thousandths(scale.get("quantity", "")) is None:
            yield FieldError(f"scales.{place}.quantity", "profile.bad_quantity", {"value": scale.get("quantity", "")})


def _contact_faults(contacts: list[Mapping[str, str]]) -> Iterable[FieldError]:
    if len(contacts) > LISTED:
        yield FieldError("contacts", "profile.too_many", {"limit": LISTED})
    checks = {"phone": (MOBILE, "bad_mobile"), "landline": (LANDLINE, "bad_landline"), "email": (EMAIL, "bad_email")}
    for place, contact in enumerate(contacts):
        if not contact.get("name"):
            yield FieldError(f"contacts.{place}.name", "field.required")
        if contact.get("role") not in CONTACT_ROLES:
            yield FieldError(f"contacts.{place}.role", "field.unknown_code", {"value": contact.get("role", "")})
        yield from _too_long(f"contacts.{place}", contact, ("name", "landline", "email"))
        for name, (pattern, code) in checks.items():
            value = contact.get(name, "")
            if value and not pattern.match(value):
                yield FieldError(f"contacts.{place}.{name}", f"profile.{code}", {"value": value})


def _too_long(where: str, row: Mapping[str, str], names: Iterable[str]) -> Iterable[FieldError]:
    for name in names:
        if len(row.get(name, "")) > LIMITS[name]:
            yield FieldError(f"{where}.{name}", "field.too_long", {"limit": LIMITS[name]})


def thousandths(text: str) -> int | None:
    """A typed quantity in thousandths; None when it is no number, negative, or finer than that."""
    read = read_number(text)
    if not isinstance(read, Decimal):
        return None
    number = read * 1000
    whole = number == number.to_integral_value()
    return int(number) if whole and 0 <= number <= MAX_THOUSANDTHS else None


def plain_quantity(number: int) -> str:
    """Thousandths as a plain decimal: 1500 is `1.5`."""
    return format((Decimal(number) / 1000).normalize(), "f")


def masked(contact: Mapping[str, str]) -> dict[str, str]:
    """A contact as those see it who neither enter nor review the record: no number, no address in full."""
    phone, email = contact["phone"], contact["email"]
    box, _, host = email.partition("@")
    return {
        **contact,
        "phone": f"{phone[:3]}****{phone[-4:]}" if phone else "",
        "landline": f"****{contact['landline'][-2:]}" if contact["landline"] else "",
        "email": f"{box[:1]}***@{host}" if email else "",
    }
