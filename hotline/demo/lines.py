"""The demo's lines: one of each country, on the practice account. Liberia's is open day and night, to be tried.

The roster reaches a week from the day on which it was written; each start of the demo writes it on.
"""

import contextlib
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from accounts import actions as accounts
from accounts.choices import ContactKind
from accounts.demo import BY
from accounts.models import Country, User
from accounts.queries import contacts_of, staff_of
from accounts.queries.numbers import police_numbers
from hotline import actions
from hotline.actions import lines, rosters
from hotline.actions.interpreters import set_profile
from hotline.forms.phone import INTERPRETER, SUPERVISOR
from hotline.models import InterpreterProfile, Line, Prompt, Shift
from hotline.telephony.providers import SIMULATED_ACCOUNT

DAYS_BACK, DAYS_ON = 1, 7
SIGNED = dt.timedelta(days=365)
SHIFTS = ((0, 8, "operator3"), (8, 16, "operator"), (16, 24, "operator2"))
HELPLINES = (ContactKind.HOTLINE, ContactKind.CHILD)
ALL_WEEK = {day: [(dt.time(0), dt.time(0))] for day in range(7)}


@dataclass(frozen=True)
class Plan:
    """One demo line as written in this file."""

    country: str
    number: str
    numbers: tuple[str, ...]
    keys: str
    opens: int = 8
    closes: int = 16
    is_free: bool = False


PLANS = (
    Plan("LR", "2883", ("2883", "+2312883"), "1:en 2:fr 3:ar", 0, 0, True),
    Plan("HT", "840", ("840",), "1:ht 2:fr"),
    Plan("MW", "7002", ("7002",), "1:ny 2:en"),
    Plan("MZ", "1458", ("1458",), "1:pt 2:en", 6, 21, True),
    Plan("MG", "7005", ("7005",), "1:mg 2:fr"),
    Plan("BD", "16135", ("16135",), "1:bn 2:en", 0, 0),
    Plan("TN", "7007", ("7007",), "1:ar 2:fr"),
)


def make(*, at: dt.datetime) -> None:
    """Open the lines and write a week of roster."""
    if not Prompt.objects.exists():
        actions.load_prompts(by=BY, at=at)
    for plan in PLANS:
        country = Country.objects.get(code=plan.country)
        _roster(_line(plan, country, at), country, at)
        _telephones(country, at)


def roll(*, at: dt.datetime) -> None:
    """Write the roster on to a week from now; a time at which somebody is or was on shift stays as it is."""
    for plan in PLANS:
        country = Country.objects.filter(code=plan.country, is_active=True).first()
        line = Line.objects.filter(country=country, number=plan.number, account=SIMULATED_ACCOUNT).first()
        if country is not None and line is not None:
            _roster(line, country, at)
            _telephones(country, at)


def _line(plan: Plan, country: Country, at: dt.datetime) -> Line:
    line = lines.open_line(
        country=country, numbers=plan.numbers, name=f"{country.name_en}, practice line", number=plan.number,
        account=SIMULATED_ACCOUNT, language_keys=plan.keys, duty_phone="+231770009999", sender=plan.number, whatsapp=plan.number,
        is_free=plan.is_free, is_practice=True, **_published(country, plan),
        opens_on_holidays=plan.opens == plan.closes, by=BY, at=at,
    )  # fmt: skip
    week = {day: [(dt.time(plan.opens), dt.time(plan.closes))] for day in range(7) if day not in country.weekend_days}
    lines.set_hours(line=line, week=ALL_WEEK if plan.opens == plan.closes else week, by=BY, at=at)
    return line


def _published(country: Country, plan: Plan) -> dict[str, str]:
    """Return the numbers that the line names: what the country publishes, none where it publishes none."""
    contacts = contacts_of(country)
    helplines = [row.number for row in contacts if row.kind in HELPLINES and row.number not in plan.numbers]
    police = police_numbers(contacts)
    return {"other_number": next(iter(helplines), ""), "police_number": next(iter(police), "")}


def _roster(line: Line, country: Country, at: dt.datetime) -> None:
    """Put people on shift around the clock where the line never closes, else in its hours; a span that is taken stays."""
    people = {user.email.split(".")[0]: user for user in User.objects.filter(country=country, is_active=True)}
    today = at.astimezone(ZoneInfo(country.time_zone)).date()
    hours = {row.weekday: (row.opens, row.closes) for row in line.hours.all()}
    taken = list(
        Shift.objects.filter(line=line, ends_at__gt=at - dt.timedelta(days=DAYS_BACK + 1)).values_list(
            "duty", "starts_at", "ends_at"
        )
    )
    for count in range(-DAYS_BACK, DAYS_ON):
        for duty, name, begins, ends in _spans(country, hours, today + dt.timedelta(days=count)):
            is_taken = any(one == duty and start < ends and begins < end for one, start, end in taken)
            if name in people and not is_taken:
                _shift(line, people[name], duty, begins, ends, at)


def _telephones(country: Country, at: dt.datetime) -> None:
    """Let Liberia's interpreters and its supervisor be rung, on telephones that a visitor can have on her screen."""
    if country.code != "LR":
        return
    for user in staff_of(country, "supervisor"):
        _telephone(user, SUPERVISOR, at)
    for user in staff_of(country, "interpreter"):
        if not InterpreterProfile.objects.filter(user=user).exists():
            until = at.date() + SIGNED
            set_profile(user=user, signed_until=until, known_in=(), group="", employer="", by=BY, at=at)
        _telephone(user, INTERPRETER, at)


def _telephone(user: User, number: str, at: dt.datetime) -> None:
    """Give somebody a verified telephone, unless she has entered one."""
    state = actions.operator_state(user, at=at)
    if state.phone is None:
        accounts.seal(state, "phone", number)
        state.phone_verified_at, state.uses_phone = at, True
        state.save()


def _spans(country: Country, hours: dict, day: dt.date) -> Iterator[tuple[str, str, dt.datetime, dt.datetime]]:
    """Yield who is on shift on a day: duty, person, from when until when."""
    midnight = dt.datetime.combine(day, dt.time(0), ZoneInfo(country.time_zone))
    spans: list[tuple[str, str, int, int]] = []
    if country.code == "LR":
        spans = [
            *(("operator", name, begins, ends) for begins, ends, name in SHIFTS),
            ("interpreter", "interpreter", 0, 12),
            ("interpreter", "interpreter2", 12, 24),
        ]
    elif day.weekday() in hours:
        opens, closes = hours[day.weekday()]
        spans = [("operator", "operator", opens.hour, min(opens.hour + 12, closes.hour or 24))]
    for duty, name, begins, ends in spans:
        yield duty, name, midnight + dt.timedelta(hours=begins), midnight + dt.timedelta(hours=ends)


def _shift(line: Line, user: User, duty: str, begins: dt.datetime, ends: dt.datetime, at: dt.datetime) -> None:
    """Put somebody on shift, unless people gave her another one or another role meanwhile."""
    with contextlib.suppress(rosters.ShiftRefused, rosters.PersonCannotServe):
        rosters.add_shift(line=line, user=user, duty=duty, starts_at=begins, ends_at=ends, by=BY, at=at)
