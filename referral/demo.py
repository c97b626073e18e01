"""Demo data of the map: a directory of examples, published pathways, and cases in every state. Through actions only."""

import datetime as dt
from dataclasses import dataclass

from accounts.models import Country, User
from accounts.queries import staff_of
from referral import actions, tasks
from referral.actions import ServiceDetails
from referral.choices import AgencyKind, Need, TrustState, Visibility
from referral.models import Area, Case, Organisation, Pathway, Referral, RoleAssignment, Service, StepRun
from referral.queries.compiling import draft_digest
from referral.queries.referrals import agencies_to_name, candidates

BY = "demo"
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)

AREAS = {
    "LR": (
        "Bomi", "Bong", "Gbarpolu", "Grand Bassa", "Grand Cape Mount", "Grand Gedeh", "Grand Kru", "Lofa", "Margibi",
        "Maryland", "Montserrado", "Nimba", "River Cess", "River Gee", "Sinoe",
    ),
    "HT": ("Artibonite", "Nord", "Ouest", "Sud"),
    "MW": ("Blantyre", "Lilongwe", "Mangochi", "Mzimba"),
    "MZ": ("Cabo Delgado", "Maputo", "Nampula", "Sofala", "Zambézia"),
    "MG": ("Analamanga", "Atsinanana", "Boeny", "Diana"),
    "BD": ("Chattogram", "Cox's Bazar", "Dhaka", "Khulna"),
    "TN": ("Ariana", "Sfax", "Sousse", "Tunis"),
}  # fmt: skip
COPIES = {"MW"}
PUBLISHED = ("LR", "MW", "TN")  # the other seeds stay drafts, as a national body would find them
CORE, FEW = 5, 4  # five terms are needed before a pathway is published; elsewhere four services show the directory
WOMEN, EVERYBODY = ("female",), ("female", "male", "other")


@dataclass(frozen=True)
class Agency:
    """One example agency with its one service."""

    name: str
    kind: str
    service: str
    term: str
    takes: tuple[str, ...] = EVERYBODY
    areas: tuple[str, ...] = ()
    beds: tuple[int, int] | None = None
    checked_days_ago: int | None = 20
    is_secret: bool = False
    round_the_clock: bool = True
    minimum_age: int | None = 0
    papers: str = ""


BASIC = (
    Agency("Emergency police desk", AgencyKind.POLICE, "Help in danger", Need.EMERGENCY_POLICE, checked_days_ago=12),
    Agency("County clinic B", AgencyKind.HEALTH, "Clinic with a desk for survivors", Need.HEALTH, checked_days_ago=8),
    Agency("Safe house A", AgencyKind.NGO, "Rooms for women and their children", Need.SHELTER, WOMEN,
           beds=(2, 8), checked_days_ago=5, is_secret=True),
    Agency("Listening room", AgencyKind.NGO, "Counselling", Need.PSYCHOSOCIAL, checked_days_ago=30),
    Agency("Anti-trafficking police desk", AgencyKind.POLICE, "Reports and investigation", Need.POLICE_INVESTIGATION,
           checked_days_ago=60, round_the_clock=False),
    Agency("Legal aid desk", AgencyKind.NGO, "Legal advice without fee", Need.LEGAL_AID, checked_days_ago=100,
           round_the_clock=False, papers="None for the first talk"),
    Agency("Child protection desk", AgencyKind.GOVERNMENT, "Social workers for children", Need.CHILD_PROTECTION,
           checked_days_ago=25),
    Agency("Return desk", AgencyKind.INTERNATIONAL, "Help to go home of one's own will", Need.RETURN,
           checked_days_ago=200, round_the_clock=False),
)  # fmt: skip
MORE = {
    "LR": (
        Agency("Safe house B", AgencyKind.FAITH, "Rooms for women", Need.SHELTER, WOMEN, ("Montserrado", "Margibi"),
               beds=(1, 6), checked_days_ago=14, is_secret=True),
        Agency("Hostel C", AgencyKind.NGO, "Rooms for women and girls, whole country", Need.SHELTER, WOMEN,
               beds=(3, 10), checked_days_ago=95),
        Agency("Clinic of the port", AgencyKind.HEALTH, "Day clinic", Need.HEALTH, EVERYBODY, ("Montserrado",),
               checked_days_ago=3, round_the_clock=False),
        Agency("Work and training desk", AgencyKind.NGO, "Training and first wages", Need.LIVELIHOOD,
               checked_days_ago=None, round_the_clock=False),
    ),
}  # fmt: skip


def make(*, at: dt.datetime) -> None:
    """Make directories, pathways and cases; where demo cases exist already, nothing changes."""
    if Case.objects.filter(key__startswith="demo:").exists():
        return
    for country in Country.objects.filter(code__in=AREAS).order_by("code"):
        _directory(country, at)
    _pathways(at)
    _cases(at)


# --- the directory --------------------------------------------------------------------------------------------------


def _directory(country: Country, at: dt.datetime) -> None:
    actions.keep_areas(country=country, names=AREAS[country.pk], by=BY, at=at)
    areas = {area.name: area for area in country.areas.all()}
    agencies = (*BASIC, *MORE[country.pk]) if country.pk in MORE else BASIC[: CORE if country.pk in PUBLISHED else FEW]
    for position, agency in enumerate(agencies):
        service = _agency(country, agency, areas, at)
        RoleAssignment.objects.get_or_create(
            country=country, role=agency.term, service=service, defaults={"position": position}
        )
    actions.keep_desks(country=country, by=BY, at=at)
    house = Organisation.objects.get(country=country, name="Safe house A (example)")
    house.focal_points.set(staff_of(country, "focal_point"))


def _agency(country: Country, agency: Agency, areas: dict[str, Area], at: dt.datetime) -> Service:
    organisation = actions.add_organisation(
        country=country, name=f"{agency.name} (example)", kind=agency.kind, is_example=True, by=BY, at=at - 90 * DAY,
        description="An example for the demonstration; no real organisation.", trust=TrustState.CONFIRMED,
    )  # fmt: skip
    slug = "".join(sign if sign.isalnum() else "-" for sign in agency.name.lower())
    actions.enrol_contact(
        organisation=organisation, name="Desk for requests", email=f"{slug}.{country.pk.lower()}@example.org",
        language=country.languages[0], by=BY, at=at - 90 * DAY,
    )  # fmt: skip
    free, places = agency.beds or (None, None)
    details = ServiceDetails(
        name=agency.service, term=agency.term, areas=[areas[name] for name in agency.areas],
        languages=list(dict.fromkeys([*country.languages, "en"])), minimum_age=agency.minimum_age, maximum_age=120,
        papers_needed=agency.papers, is_round_the_clock=agency.round_the_clock, available=free, maximum=places,
        taken={("sex", sex): sex in agency.takes for sex in EVERYBODY}
        | {("nationality", "national"): True, ("nationality", "foreign"): True, ("disability", "yes"): True,
           ("children", "yes"): True},
    )  # fmt: skip
    service = actions.save_service(organisation=organisation, details=details, by=BY, at=at - 2 * HOUR)
    if agency.checked_days_ago is not None:
        actions.confirm_service(service=service, by=BY, at=at - agency.checked_days_ago * DAY)
    if agency.is_secret:
        actions.add_place(
            service=service, visibility=Visibility.SECRET, address="Example address, for the demonstration", by=BY,
            at=at,
        )  # fmt: skip
    return service


# --- pathways -------------------------------------------------------------------------------------------------------


def _pathways(at: dt.datetime) -> None:
    """Load every seed; sign and publish those of the demo countries, and a copy of the generic one where none is."""
    loaded_at = at - 60 * DAY
    known = set(Country.objects.values_list("code", flat=True))
    seeds = [actions.load_seed(key, by=BY, at=loaded_at) for key in _seed_keys(known)]
    generic = next(pathway for pathway in seeds if pathway.country_id is None)
    taken = {pathway.country_id for pathway in seeds}
    for country in Country.objects.filter(code__in=COPIES & known - taken).order_by("code"):
        seeds.append(actions.copy_model(pathway=generic, country=country, by=BY, at=loaded_at))
    for pathway in seeds:
        if pathway.country_id in PUBLISHED:
            _publish(pathway, loaded_at)


def _seed_keys(known: set[str]) -> list[str]:
    country_of = {"liberia-nrm": "LR", "tunisia-mno": "TN", "disaster-mz": "MZ", "thailand-nrm": "TH"}
    return [key for key in actions.seed_keys() if country_of.get(key, "") in known | {""}]


def _publish(pathway: Pathway, at: dt.datetime) -> None:
    managers = list(staff_of(pathway.country_id, "manager").order_by("pk")[:2])
    if len(managers) < 2:
        return
    digest = draft_digest(pathway)
    for manager in managers:
        actions.sign(pathway=pathway, digest=digest, by=manager, at=at)
    actions.publish_pathway(pathway=pathway, by=managers[0], at=at)


# --- cases ----------------------------------------------------------------------------------------------------------


class _Story:
    """One case told step by step; keys come from the story's name, so a second telling changes nothing."""

    def __init__(self, name: str, operator: User, opened_at: dt.datetime, *, area: str, language: str = "en", **facts):
        self.name, self.operator, self.at, self.count = name, operator, opened_at, 0
        country = operator.country
        self.case = actions.open_case(
            country=country, facts=facts, language=language, source="call", by=operator, at=opened_at,
            area=Area.objects.get(country=country, name=area), key=f"demo:{name}",
        )  # fmt: skip

    def later(self, **time) -> "_Story":
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

    def told(self, **facts) -> "_Story":
        """Write facts down."""
        actions.answer(case=self.case, facts=facts, source="demo", key=self.key, by=self.operator, at=self.at)
        return self

    def done(self, step: str, note: str = "", **facts) -> "_Story":
        """Finish a task."""
        actions.complete_step(
            case=self.case, run=self.run(step).number, facts=facts, note=note, key=self.key, by=self.operator,
            at=self.at,
        )  # fmt: skip
        return self

    def safe(self, risk: str = "medium") -> "_Story":
        """Finish screening and make the safety plan."""
        self.done("screening").later(minutes=12)
        return self.done(
            "safety", safe_contact="By text only, after eight in the evening.", risk_level=risk, may_leave_message=False,
            safe_word="market",
        ).later(minutes=8)  # fmt: skip

    def agrees(self, *needs: str, police: bool = False) -> "_Story":
        """Give consent for the agencies of each need, for all that their steps would share."""
        lines = [
            actions.Line(one.service.organisation_id, group, one.purpose, True)
            for one in agencies_to_name(self.case, self.at)
            if one.service.term in needs
            for group in one.groups
        ]
        actions.record_consent(
            case=self.case, run=self.run("consent").number, lines=lines, giver="person", language=self.case.language,
            facts={"wants_police": police, "interview_consent": True, "interpreter_used": False}, key=self.key,
            by=self.operator, at=self.at,
        )  # fmt: skip
        return self.later(minutes=6)

    def asks(self, step: str) -> Referral:
        """Ask the best agency of a referral step."""
        run = self.run(step)
        best = next(one for one in candidates(run, self.at) if one.can_be_asked)
        sent = actions.refer(run=run, service=best.service, key=self.key, by=self.operator, at=self.at)
        self.later(minutes=9)
        return sent.referral

    def accepted(self, step: str) -> "_Story":
        """Ask the best agency; it accepts."""
        actions.accept(referral=self.asks(step), key=self.key, by=self.operator, at=self.at)
        return self.later(minutes=4)

    def declined(self, referral: Referral, reason: str = "full") -> "_Story":
        """Let an agency decline."""
        actions.decline(referral=referral, reason=reason, key=self.key, by=self.operator, at=self.at)
        return self.later(minutes=4)


NEEDS = (Need.HEALTH, Need.SHELTER, Need.PSYCHOSOCIAL)
WOMAN = {"age": 27, "sex": "female", "immediate_danger": False, "national": True, "needs": []}


def _cases(at: dt.datetime) -> None:
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
    _Story("screening", operator, at - HOUR / 3, area="Montserrado", sex="female", needs_shelter=True)
    danger = _Story("danger", operator, at - HOUR / 2, area="Nimba", language="fr", age=31, sex="male")
    danger.later(minutes=10).done("screening", sexual_violence=None)
    _Story("consent", second, at - 3 * HOUR, area="Bong", **WOMAN, sexual_violence=False, needs_shelter=True).safe()
    child = _Story("child", operator, at - 5 * HOUR, area="Lofa", age=14, sex="female", immediate_danger=False,
                   sexual_violence=None, needs_shelter=True, national=True)  # fmt: skip
    child.safe("high")


def _referred_cases(operator: User, second: User, at: dt.datetime) -> None:
    """A request sent, one declined and the next asked, one accepted everywhere."""
    sent = _Story("sent", operator, at - 2 * HOUR, area="Montserrado", **WOMAN | {"needs": ["shelter", "documents"]},
                  sexual_violence=False, needs_shelter=True)  # fmt: skip
    sent.safe().agrees(*NEEDS).accepted("psychosocial").asks("shelter")
    declined = _Story("declined", operator, at - 8 * HOUR, area="Montserrado", **WOMAN | {"age": 22},
                      sexual_violence=True, needs_shelter=True, children_with=1)  # fmt: skip
    declined.safe("high").agrees(*NEEDS).accepted("health")
    declined.declined(declined.asks("shelter"))
    placed = _Story("accepted", second, at - 30 * HOUR, area="Margibi", **WOMAN | {"age": 35}, sexual_violence=True,
                    needs_shelter=True)  # fmt: skip
    placed.safe().agrees(*NEEDS).accepted("health").accepted("shelter").accepted("psychosocial")


def _old_cases(operator: User, second: User, at: dt.datetime) -> None:
    """Late steps with their escalations, consent taken back, and a case closed after the whole way."""
    late = _Story("late", operator, at - 6 * DAY, area="Montserrado", **WOMAN | {"age": 41}, sexual_violence=False,
                  needs_shelter=False)  # fmt: skip
    late.safe().agrees(Need.PSYCHOSOCIAL)
    late.asks("psychosocial")
    _let_pass(at - 3 * DAY, at)
    back = _Story("withdrawn", second, at - 4 * DAY, area="Grand Bassa", **WOMAN | {"age": 19},
                  sexual_violence=False, needs_shelter=True)  # fmt: skip
    back.safe().agrees(*NEEDS).accepted("shelter")
    back.later(hours=20)
    actions.withdraw_consent(case=back.case, key=back.key, by=second, at=back.at)
    _closed(operator, at)


def _let_pass(start: dt.datetime, end: dt.datetime) -> None:
    """Let the worker's jobs run as they would have, every six hours."""
    clock = start
    while clock <= end:
        for job in tasks.JOBS:
            job(clock)
        clock += 6 * HOUR


def _closed(operator: User, at: dt.datetime) -> None:
    """A case that went for information only, and was closed with feedback."""
    closed = _Story("closed", operator, at - 9 * DAY, area="Montserrado", **WOMAN | {"age": 52},
                    sexual_violence=False, needs_shelter=False)  # fmt: skip
    closed.safe("low")
    actions.record_consent(
        case=closed.case, run=closed.run("consent").number, lines=[], giver="person", language="en", key=closed.key,
        by=operator, at=closed.at,
    )  # fmt: skip
    closed.later(minutes=15).done("info_only", note="Told where help is, and that she may call again.")
    actions.close_case(
        case=closed.case, reason="information_only", outcome="safe", feedback_asked=True, key=closed.key, by=operator,
        at=closed.at,
    )  # fmt: skip


def _elsewhere(at: dt.datetime) -> None:
    """One case each in Tunisia and Malawi, so that their desks are not empty."""
    for code, area, language in (("tn", "Tunis", "ar"), ("mw", "Lilongwe", "ny")):
        operator = User.objects.filter(email=f"operator.{code}@example.org").first()
        if operator is None:
            continue
        story = _Story(f"first-{code}", operator, at - 2 * HOUR, area=area, language=language, **WOMAN,
                       sexual_violence=False, needs_shelter=True)  # fmt: skip
        story.safe().agrees(*NEEDS)
        story.asks("shelter")
