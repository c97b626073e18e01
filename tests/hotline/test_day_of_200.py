"""A day of two hundred calls in eight languages, in accelerated time: each is accounted for, everywhere alike."""

import datetime as dt
from collections import Counter

import pytest
from modeltranslation.utils import build_localized_fieldname

from accounts.models import AuditEntry
from hotline import actions
from hotline.actions.prompts import FOLDER
from hotline.callstate import CALL_FINAL
from hotline.choices import Presence
from hotline.demo.stage import ExpectationFailed, Stage
from hotline.models import (
    Contact,
    InterpreterProfile,
    Leg,
    Line,
    OpeningHours,
    OperatorState,
    Prompt,
    Recording,
    Room,
    Shift,
    ThirdCall,
    WebhookEvent,
)
from hotline.queries import figures as told
from hotline.queries.log import logged_contacts, missed_contacts
from hotline.telephony import scripts
from hotline.telephony.simulated import Behaviour, Faults
from languages.exchange import texts_of
from tests.hotline import day
from tests.hotline.telephones import verify

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.either]
SPOKEN = "fr ar sw pt es ht id"
OPERATORS = 7
DAY = dt.timedelta(days=1)
MORE = ("sw", "pt", "es", "ht", "id")  # beside the languages of every test


@pytest.fixture
def start(at):
    """Midnight, at the beginning of the day."""
    return at.replace(hour=0)


@pytest.fixture
def lines(line, liberia, start):
    """The line in seven languages and one in the eighth, open from eight to eight, with words in each."""
    keys = " ".join(f"{key}:{code}" for code, key in day.KEYS.items() if code != "id")
    Line.objects.filter(pk=line.pk).update(language_keys=keys)
    second = Line.objects.create(
        country=liberia, name="Second line", number="1500", numbers="1500", account=line.account, language_keys="1:id",
        duty_phone=line.duty_phone, other_number=line.other_number, police_number="911", is_practice=True,
    )  # fmt: skip
    OpeningHours.objects.all().delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(line=one, weekday=weekday, opens=dt.time(day.OPENS), closes=dt.time(day.CLOSES))
        for one in (line, second) for weekday in range(7)
    )  # fmt: skip
    prompts = list(Prompt.objects.all())
    for code in MORE:
        texts = texts_of((FOLDER / f"{code}.po").read_text())
        for prompt in prompts:
            setattr(prompt, build_localized_fieldname("text", code), texts.get(f"prompt {prompt.key}", ("", ""))[1])
    Prompt.objects.bulk_update(prompts, [build_localized_fieldname("text", code) for code in MORE])
    return [line, second]


@pytest.fixture
def people(person, liberia, lines, start):
    """Operators and one interpreter, on shift in the morning and in the afternoon; at noon nobody is."""
    found = [person("operator", country=liberia, spoken=SPOKEN, name=f"Operator {n}") for n in range(OPERATORS)]
    interpreter = person("interpreter", country=liberia, spoken=SPOKEN, name="Ada")
    InterpreterProfile.objects.create(user=interpreter, signed_until=start.date(), changed_at=start)
    for number, user in enumerate((interpreter, *found)):
        for first, last in ((day.OPENS, day.NOBODY[0]), (day.NOBODY[1], day.CLOSES)):
            span = [start + dt.timedelta(hours=hour) for hour in (first, last)]
            duty = "operator" if number else "interpreter"
            row = {"line": lines[number > OPERATORS - 2], "user": user, "duty": duty}
            Shift.objects.create(starts_at=span[0], ends_at=span[1], **row)
        actions.operator_state(user, at=start)
    verify(interpreter, start, "+231770123401")
    return found


class Day:
    """The stage of the day: who is at work when, what goes wrong, and each act at its second."""

    def __init__(self, people, start):
        self.people, self.start = people, start
        self.stage = Stage(at=start, seed="day", operator=people[0], others=people[1:])
        self.stage.network.go_wrong(Faults(seed="day", twice=15, late=15, ahead=3))
        self.stage.network.behaviours = lambda _to: Behaviour(answers=self.hour >= day.DUTY, after=3.0, presses="1")
        self.spoken, self.impossible = set(), []

    @property
    def hour(self):
        return (self.stage.at - self.start).total_seconds() / 3600

    def until(self, second):
        """Let time pass, in steps, the worker following."""
        if (left := second - self.hour * 3600) > 0:
            self.stage.wait(left)
        self.spoken |= {one.language for one in self.stage.heard if one.kind == "say"}
        self.stage.heard.clear()

    def at_work(self, state):
        for user in self.people:
            actions.set_presence(user=user, state=state, by=user, at=self.stage.at)

    def do(self, act):
        call = self.stage.calls.get(act.caller)
        if act.line == "hang up" and not call.is_live:
            return  # the line has said goodbye
        (step,) = scripts.parse(f"{act.caller}: {act.line}")
        try:
            self.stage.act(step)
        except (ExpectationFailed, KeyError) as fault:
            self.impossible.append((act, str(fault)))

    def play(self):
        shifts = [(day.OPENS, "ready"), (day.NOBODY[0], "off"), (day.NOBODY[1], "ready"), (day.CLOSES, "off")]
        acts = [act for caller in day.callers() for act in caller.acts()]
        acts += [day.Act(hour * 3600 + 30, "", state) for hour, state in shifts]
        for act in sorted(acts, key=lambda one: one.second):
            self.until(act.second)
            if act.caller:
                self.do(act)
            else:
                self.at_work(Presence(act.line))
        self.until(24 * 3600 + 60)


@pytest.fixture
def played(people, lines, start, monkeypatch):
    """The day, played to midnight: the contact of each caller by her name."""
    monkeypatch.setattr("hotline.queries.lines.KEPT_SECONDS", 3600.0)
    found = Day(people, start)
    found.play()
    return found


def test_each_of_two_hundred_calls_is_accounted_for_everywhere_alike(played, people, lines, start, supervisor):
    kinds = {one.name: one.kind for one in day.callers()}
    found = {name: Contact.objects.get(legs__call_sid=call.sid) for name, call in played.stage.calls.items()}
    outcomes = Counter(kind.outcome for kind in kinds.values())
    answered = outcomes["answered"]

    # The ledger: each call is one contact, ended as it was to end, and nothing is left open behind it.
    assert played.impossible == []
    assert {name: one.outcome for name, one in found.items()} == {name: one.outcome for name, one in kinds.items()}
    assert (len({one.pk for one in found.values()}), Contact.objects.count()) == (day.CALLS, day.CALLS)
    assert {one.state for one in found.values() if one.outcome == "answered"} == {"done"}
    assert {one.state for one in found.values() if one.outcome != "answered"} == {"ended"}
    assert {(one.ended_at is None, one.claimed_until, one.flags) for one in found.values()} == {
        (False, None, "simulated")
    }
    assert {name for name, one in found.items() if one.is_danger} == {n for n, one in kinds.items() if one.is_danger}
    assert Recording.objects.exclude(fetched_at=None).count() == outcomes["voicemail"]
    assert not Room.objects.filter(ended_at=None).exists()
    assert not Leg.objects.exclude(call_sid=None).exclude(status__in=CALL_FINAL).exists()
    assert set(ThirdCall.objects.values_list("state", flat=True)) == {"over"}
    assert set(OperatorState.objects.filter(user__in=people).values_list("state", "contact")) == {("off", None)}
    assert not WebhookEvent.objects.exclude(flags="").exists()
    assert {locale.partition("-")[0] for locale in played.spoken} == {"arb", *day.KEYS} - {"ar"}

    # The log, and the list of what was missed: danger first.
    log = logged_contacts(supervisor, {}, start, start + DAY, at=start + DAY)
    assert Counter(log.values_list("outcome", flat=True)) == outcomes
    missed = missed_contacts(supervisor)
    assert {one.pk for one in missed} == {
        one.pk for one in found.values() if one.outcome not in {"answered", "by_phone"}
    }  # fmt: skip
    gone = [name for name, kind in kinds.items() if kind.is_danger and kind.outcome == "abandoned"]
    assert [one.is_danger for one in missed] == [True] * len(gone) + [False] * (len(missed) - len(gone))

    # The figures.
    while actions.count_figures(at=played.stage.at):
        pass
    sums = told.figures_between(lines, told.Period(start.date(), start.date()))
    assert (sums.outcomes, sums.ways) == (outcomes, {"call": day.CALLS})
    assert sum(map(sum, sums.heat)) == sum(row.contacts for row in sums.languages.values()) == day.CALLS
    assert (sum(sums.answered), sum(sums.gave_up)) == (answered, outcomes["abandoned"])
    assert sums.danger == sum(kind.is_danger for kind in kinds.values())
    assert set(day.KEYS) < set(sums.languages)

    # The audit log.
    audit = Counter(AuditEntry.objects.filter(verb__startswith="hotline.").values_list("verb", flat=True))
    twice = sum(kind.acts.count("operator takes@") - 1 for kind in kinds.values() if kind.outcome == "answered")
    assert audit["hotline.call_taken"] == answered + twice == sum(one.operator_count for one in found.values())
    assert audit["hotline.call_ended"] == audit["hotline.wrapped_up"] == answered
    assert audit["hotline.third_asked"] == ThirdCall.objects.count() == 5
