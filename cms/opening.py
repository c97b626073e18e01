"""What is typed to open a country, read and checked: text in, an order or clear lines out. Writes nothing."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import available_timezones

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email, validate_slug
from wagtail.models import Page

from accounts.models import Country
from cms.models import HomePage
from hotline.callers import e164
from hotline.ivr.plan import LANGUAGE_KEYS
from hotline.models import Line
from hotline.telephony.providers import SIMULATED_ACCOUNT, is_simulated, webhook_secrets
from languages import table
from referral import actions as referral

ALL_DAY = "0-6 00:00-24:00"
Week = dict[int, list[tuple[dt.time, dt.time]]]
SPAN = re.compile(r"([0-6])(?:-([0-6]))? +([01]?\d|2[0-3]):([0-5]\d)-([01]?\d|2[0-4]):([0-5]\d)")
DIALLED = re.compile(r"\+?[0-9]{2,15}")


class OpeningRefused(Exception):
    """Raised when a country cannot be opened as typed; `faults` has one clear line for each thing to mend."""

    def __init__(self, faults: list[str]):
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Opening:
    """An order to open a country, checked."""

    code: str
    name: str
    slug: str
    languages: tuple[str, ...]
    zone: str
    area_word: str
    weekend: str
    areas: tuple[str, ...]
    lines: tuple[str, ...]
    account: str
    duty_phone: str
    other_number: str
    police_number: str
    week: Week
    is_free: bool
    opens_on_holidays: bool
    is_practice: bool
    pathway: str
    with_courses: bool
    administrator: str


def read(typed: Mapping) -> Opening:
    """Return the order that was typed; raise OpeningRefused with every line of what is wrong."""
    code, account = typed["code"].strip().upper(), (typed["account"] or "").strip()
    if typed["practice"] and not account:
        account = SIMULATED_ACCOUNT
    typed = {**typed, "code": code, "account": account}
    faults = [line for check in CHECKS for line in check(typed)]
    week = hours_of(typed["hours"])
    if week is None:
        faults.append(_hours_fault(typed["hours"]))
    if faults or week is None:
        raise OpeningRefused(faults)
    return Opening(
        code=code, name=typed["name"].strip(), slug=typed["slug"], languages=tuple(typed["languages"].split()),
        zone=typed["zone"], area_word=typed["area_word"], weekend=" ".join(typed["weekend"].split()),
        areas=tuple(filter(None, (name.strip() for name in typed["areas"].split(",")))), lines=tuple(typed["line"]),
        account=account, duty_phone=e164(typed["duty_phone"]), other_number=typed["other_number"],
        police_number=typed["police_number"], week=week, is_free=typed["free"],
        opens_on_holidays=typed["open_on_holidays"] or week == hours_of(ALL_DAY), is_practice=typed["practice"],
        pathway=typed["pathway"], with_courses=typed["courses"],
        administrator=typed["administrator"].strip().lower(),
    )  # fmt: skip


def hours_of(text: str) -> Week | None:
    """Return the week that a text such as "0-4 08:00-16:00, 5 09:00-12:00" says (0 is Monday), or None."""
    week: Week = {}
    for part in text.split(","):
        found = SPAN.fullmatch(part.strip())
        if found is None:
            return None
        first, last = int(found[1]), int(found[2] or found[1])
        begins, ends = _time(found[3], found[4]), _time(found[5], found[6])
        if begins is None or ends is None or last < first or (begins >= ends != dt.time(0)):
            return None
        for day in range(first, last + 1):
            week.setdefault(day, []).append((begins, ends))
    return week if all(_apart(spans) for spans in week.values()) else None


def week_text(week: Week) -> str:
    """Return a week as `hours_of` reads it, days alike in a row together."""
    days: list[list] = []  # first day, last day, hours
    for day, spans in sorted(week.items()):
        hours = [
            f"{opens:%H:%M}-{'24:00' if closes == dt.time(0) else f'{closes:%H:%M}'}"
            for opens, closes in sorted(spans)
        ]
        if days and days[-1][1] == day - 1 and days[-1][2] == hours:
            days[-1][1] = day
        else:
            days.append([day, day, hours])
    rows = [(f"{first}-{last}" if last > first else f"{first}", hours) for first, last, hours in days]
    return ", ".join(f"{named} {span}" for named, hours in rows for span in hours)


def _time(hour: str, minute: str) -> dt.time | None:
    if int(hour) == 24:
        return dt.time(0) if minute == "00" else None
    return dt.time(int(hour), int(minute))


def _apart(spans: list[tuple[dt.time, dt.time]]) -> bool:
    ordered = sorted((begins, ends if ends > dt.time(0) else dt.time.max) for begins, ends in spans)
    return all(one[1] <= other[0] for one, other in zip(ordered, ordered[1:], strict=False))


def _hours_fault(text: str) -> str:
    return (
        f"--hours: “{text}” is not understood. Write days and times, 0 is Monday: "
        f"“0-4 08:00-16:00, 5 09:00-12:00”, or “{ALL_DAY}” for day and night."
    )


def _place(typed: Mapping) -> list[str]:
    faults = []
    if typed["code"] not in phonenumbers.SUPPORTED_REGIONS:
        faults.append(f"CODE: “{typed['code']}” is no country code. Write the two letters of ISO 3166, such as LR.")
    if not typed["name"].strip():
        faults.append("--name: write the country's name in English.")
    if typed["zone"] not in available_timezones():
        faults.append(f"--zone: “{typed['zone']}” is no time zone. Write one such as Africa/Monrovia.")
    if not re.fullmatch(r"[0-6]( +[0-6])*", typed["weekend"].strip()):
        faults.append(f"--weekend: “{typed['weekend']}” is not understood. Write the days off, 0 is Monday: “5 6”.")
    return faults


def _slug(typed: Mapping) -> list[str]:
    slug, code = typed["slug"], typed["code"]
    try:
        validate_slug(slug)
    except ValidationError:
        return [f"--slug: “{slug}” cannot stand in an address. Write small letters, digits and hyphens."]
    pages = Page.objects.filter(depth=3, slug=slug).exclude(pk__in=HomePage.objects.filter(country=code).values("pk"))
    if Country.objects.filter(slug=slug).exclude(pk=code).exists() or pages.exists():
        return [f"--slug: “{slug}” is taken by another country or page. Choose another one."]
    return []


def _languages(typed: Mapping) -> list[str]:
    codes = typed["languages"].split()
    faults = [
        f"--languages: “{code}” is none of the languages of Fanal: {' '.join(table.CODES)}."
        for code in codes
        if code not in table.BY_CODE
    ]
    if not codes or len(set(codes)) < len(codes) or len(codes) > len(LANGUAGE_KEYS):
        faults.append(f"--languages: write one to {len(LANGUAGE_KEYS)} languages, most used first, each once.")
    return faults


def _numbers(typed: Mapping) -> list[str]:
    faults = []
    if not e164(typed["duty_phone"]) or not typed["duty_phone"].startswith("+"):
        faults.append(
            f"--duty-phone: “{typed['duty_phone']}” is no number with + and country code, such as +231770123456."
        )
    named = [("--line", number) for number in typed["line"]] + [("--other-number", typed["other_number"])]
    named += [("--police-number", typed["police_number"])] if typed["police_number"] else []
    for option, number in named:
        if not DIALLED.fullmatch(number):
            faults.append(f"{option}: “{number}” is no number. Write digits without spaces, with + where it has one.")
    if not (typed["police_number"] or typed["practice"]):
        faults.append(
            "--police-number: a line that people call names one to who is in danger. Write the local police number, or that"
            " of another emergency service."
        )
    for line in Line.objects.exclude(country=typed["code"]):
        if taken := set(line.numbers.split()) & set(typed["line"]):
            faults.append(f"--line: {', '.join(sorted(taken))} belongs to the line “{line.name}” of another country.")
    return faults


def _account(typed: Mapping) -> list[str]:
    account = typed["account"]
    if not re.fullmatch(r"AC[0-9a-f]{32}", account):
        return [f"--account: “{account}” is no account SID. It is AC and 32 signs, on the first page of your console."]
    if typed["practice"] and is_simulated(account):
        return []
    if account == SIMULATED_ACCOUNT:
        return ["--account: this is the practice account. Write your own, or open the line with --practice."]
    if account not in webhook_secrets().tokens:
        return [
            f"--account: TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN do not name {account}. Set them, then run this again."
        ]
    return []


def _pathway(typed: Mapping) -> list[str]:
    key = typed["pathway"]
    if not key:
        return []
    if key not in referral.seed_keys():
        return [f"--pathway: there is no “{key}”. There are: {', '.join(referral.seed_keys())}."]
    if referral.country_of_seed(key) not in ("", typed["code"]):
        return [f"--pathway: “{key}” was written for another country. Take generic-nrm and edit it."]
    return []


def _administrator(typed: Mapping) -> list[str]:
    try:
        if typed["administrator"]:
            validate_email(typed["administrator"].strip())
    except ValidationError:
        return [f"--administrator: “{typed['administrator']}” is no e-mail address."]
    return []


CHECKS = (_place, _slug, _languages, _numbers, _account, _pathway, _administrator)
