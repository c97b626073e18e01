"""The demo's cases: one at each stage, told step by step through the room's own actions."""

import datetime as dt

from accounts.models import User
from referral import actions, tasks
from referral.choices import Need
from referral.models import Area, Case, Referral, StepRun
from referral.queries.referrals import agencies_to_name, candidates

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


class Story:
    """One case told step by step; keys come from the story's name, so a second telling changes nothing."""

    def __init__(self, name: str, operator: User, opened_at: dt.datetime, case: Case | None = None, **told):
        self.name, self.operator, self.at, self.count = name, operator, opened_at, 0
        self.case = case or self._opened(**told)

    def _opened(self, *, area: str, language: str = "en", **facts) -> Case:
        """Open the case of the story; one that was opened by somebody else goes on with it."""
        country = self.operator.country
        return actions.open_case(
            country=country, facts=facts, language=language, source="call", by=self.operator, at=self.at,
            area=Area.objects.get(country=country, name=area), key=f"demo:{self.name}",
        )  # fmt: skip

    def later(self, **time) -> "Story":
        """Let time pass."""
        self.at += dt.timedelta(**time)
        return self

    @property
    def key(self) -> str:
        """Return the next client key."""
        self.count += 1
        return f"demo:{self.name}:{self.count}"

    def run(self, step: str) -> StepRun:
        """Return the open visit of a step."""
        return StepRun.objects.select_related("case__version", "case__area", "case__country").get(
            case=self.case, step_key=step, state__in=["open", "waiting"]
        )

    def told(self, **facts) -> "Story":
        """Write facts down."""
        actions.answer(case=self.case, facts=facts, source="demo", key=self.key, by=self.operator, at=self.at)
        return self

    def done(self, step: str, note: str = "", **facts) -> "Story":
        """Finish a task."""
        actions.complete_step(
            case=self.case, run=self.run(step).number, facts=facts, note=note, key=self.key, by=self.operator,
            at=self.at,
        )  # fmt: skip
        return self

    def safe(self, risk: str = "medium") -> "Story":
        """Finish screening and make the safety plan."""
        self.done("screening").later(minutes=12)
        return self.done(
            "safety", safe_contact="By text only, after eight in the evening.", risk_level=risk, may_leave_message=False,
            safe_word="market",
        ).later(minutes=8)  # fmt: skip

    def agrees(self, *needs: str, police: bool = False) -> "Story":
        """Give consent for the agencies of each need, for all that their steps would share."""
        lines = [
            actions.Line(one.service.organisation_id, group, one.purpose, True)
            for one in agencies_to_name(self.case, self.at)
            if one.service.term in needs
            for group in one.groups
        ]
        actions.record_consent(
            case=self.case, run=self.run("consent").number, lines=lines, giver="person",
            language=self.case.script_language, facts={"wants_police": police, "interview_consent": True, "interpreter_used": False},
            key=self.key, by=self.operator, at=self.at,
        )  # fmt: skip
        return self.later(minutes=6)

    def asks(self, step: str) -> Referral:
        """Ask the best agency of a referral step."""
        run = self.run(step)
        best = next(one for one in candidates(run, self.at) if one.can_be_asked)
        sent = actions.refer(run=run, service=best.service, key=self.key, by=self.operator, at=self.at)
        self.later(minutes=9)
        return sent.referral

    def accepted(self, step: str) -> "Story":
        """Ask the best agency; it accepts."""
        actions.accept(referral=self.asks(step), key=self.key, by=self.operator, at=self.at)
        return self.later(minutes=4)

    def closed(self, reason: str) -> "Story":
        """Close the case."""
        actions.close_case(
            case=self.case, reason=reason, outcome="safe", feedback_asked=True, key=self.key, by=self.operator, at=self.at
        )  # fmt: skip
        return self

    def declined(self, referral: Referral, reason: str = "full") -> "Story":
        """Let an agency decline."""
        actions.decline(referral=referral, reason=reason, key=self.key, by=self.operator, at=self.at)
        return self.later(minutes=4)


NEEDS = (Need.HEALTH, Need.SHELTER, Need.PSYCHOSOCIAL)
WOMAN = {"age": 27, "sex": "female", "immediate_danger": False, "national": True}
# What a person needs, asked twice: in general, and whether a place to sleep is among it.
SHELTER = {"needs": ["shelter"], "needs_shelter": True}
COUNSELLING = {"needs": ["psychosocial"], "needs_shelter": False}


def make_cases(at: dt.datetime) -> None:
    operator = User.objects.filter(email="operator.lr@example.org").first()
    second = User.objects.filter(email="operator2.lr@example.org").first()
    if operator is None or second is None:
        return
    _young_cases(operator, second, at)
    _referred_cases(operator, second, at)
    _old_cases(operator, second, at)
    _elsewhere(at)


def _young_cases(operator: User, second: User, at: dt.datetime) -> None:
    """Screening, danger asked, consent waiting, a child waiting for a guardian."""
    Story("screening", operator, at - HOUR / 3, area="Montserrado", sex="female", needs_shelter=True)
    danger = Story("danger", operator, at - HOUR / 2, area="Nimba", language="fr", age=31, sex="male")
    danger.later(minutes=10).done("screening", sexual_violence=None)
    Story("consent", second, at - 3 * HOUR, area="Bong", **WOMAN, **SHELTER, sexual_violence=False).safe()
    child = Story("child", operator, at - 5 * HOUR, area="Lofa", age=14, sex="female", immediate_danger=False,
                   sexual_violence=None, needs_shelter=True, national=True)  # fmt: skip
    child.safe("high")


def _referred_cases(operator: User, second: User, at: dt.datetime) -> None:
    """A request sent, one declined and the next asked, one accepted everywhere."""
    sent = Story("sent", operator, at - 2 * HOUR, area="Montserrado", **WOMAN, sexual_violence=False,
                  needs_shelter=True, needs=["shelter", "psychosocial", "documents"])  # fmt: skip
    sent.safe().agrees(*NEEDS).accepted("psychosocial").asks("shelter")
    declined = Story("declined", operator, at - 8 * HOUR, area="Montserrado", **WOMAN | {"age": 22},
                      sexual_violence=True, needs_shelter=True, needs=["health", "shelter"], children_with=1)  # fmt: skip
    declined.safe("high").agrees(*NEEDS).accepted("health")
    declined.declined(declined.asks("shelter"))
    placed = Story("accepted", second, at - 30 * HOUR, area="Margibi", **WOMAN | {"age": 35}, sexual_violence=True,
                    needs_shelter=True, needs=["health", "shelter", "psychosocial"])  # fmt: skip
    placed.safe().agrees(*NEEDS).accepted("health").accepted("shelter").accepted("psychosocial")


def _old_cases(operator: User, second: User, at: dt.datetime) -> None:
    """Late steps with their escalations, consent taken back, and two closed cases: information only, help taken up."""
    late = Story("late", operator, at - 6 * DAY, area="Montserrado", **WOMAN | {"age": 41}, **COUNSELLING,
                  sexual_violence=False)  # fmt: skip
    late.safe().agrees(Need.PSYCHOSOCIAL)
    late.asks("psychosocial")
    _let_pass(at - 3 * DAY, at)
    back = Story("withdrawn", second, at - 4 * DAY, area="Grand Bassa", **WOMAN | {"age": 19}, **SHELTER,
                  sexual_violence=False)  # fmt: skip
    back.safe().agrees(*NEEDS).accepted("shelter")
    back.later(hours=20)
    actions.withdraw_consent(case=back.case, key=back.key, by=second, at=back.at)
    _closed(operator, at)
    _helped(second, at)


def _let_pass(start: dt.datetime, end: dt.datetime) -> None:
    """Let the worker's jobs run as they would have, twice a day."""
    clock = start
    while clock <= end:
        for job in tasks.JOBS:
            job(clock)
        clock += 12 * HOUR


def _closed(operator: User, at: dt.datetime) -> None:
    """A case that went for information only, and was closed with feedback."""
    closed = Story("closed", operator, at - 9 * DAY, area="Montserrado", **WOMAN | {"age": 52},
                    sexual_violence=False, needs_shelter=False, needs=[])  # fmt: skip
    closed.safe("low")
    actions.record_consent(
        case=closed.case, run=closed.run("consent").number, lines=[], giver="person", language="en", key=closed.key,
        by=operator, at=closed.at,
    )  # fmt: skip
    closed.later(minutes=15).done("info_only", note="Told where help is, and that she may call again.")
    closed.closed("information_only")


def _helped(operator: User, at: dt.datetime) -> None:
    """A case whose person took up counselling and wants nothing more: closed while steps were open."""
    helped = Story("helped", operator, at - 12 * DAY, area="Montserrado", **WOMAN | {"age": 38}, **COUNSELLING,
                    sexual_violence=False)  # fmt: skip
    helped.safe("low").agrees(Need.PSYCHOSOCIAL).accepted("psychosocial").later(days=2).closed("helped")


def _elsewhere(at: dt.datetime) -> None:
    """One case each in Tunisia and Malawi, so that their desks are not empty."""
    for code, area, language in (("tn", "Tunis", "ar"), ("mw", "Lilongwe", "ny")):
        operator = User.objects.filter(email=f"operator.{code}@example.org").first()
        if operator is None:
            continue
        story = Story(f"first-{code}", operator, at - 2 * HOUR, area=area, language=language, **WOMAN,
                       **SHELTER, sexual_violence=False)  # fmt: skip
        story.safe().agrees(*NEEDS)
        story.asks("shelter")
