"""The journeys that a newcomer should walk in the demo, and the people in it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.queries.demo import DEMO_DOMAIN, in_order
from cms import queries

COURSE = "judicial"
COUNTRY = "LR"


@dataclass(frozen=True)
class Step:
    """One step of a journey: what to do, whom to be (e-mail or ""), and where."""

    words: str
    email: str
    url: str


@dataclass(frozen=True)
class Journey:
    """One journey through the product, as its steps."""

    title: str
    summary: str
    steps: tuple[Step, ...]


def _url(name: str, *args) -> str:
    """Return the address of a route, or the front page while the route is not there."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return "/"


def people() -> list[User]:
    """Return everybody of the demo with a staff role, and the learners who walk a journey.

    Those of the country in which the journeys begin come first; within a country as a visitor needs them.
    """
    walkers = {step.email for journey in journeys() for step in journey.steps}
    found = User.objects.filter(email__endswith=DEMO_DOMAIN, is_active=True)
    ordered = in_order(found.exclude(Q(roles=",learner,") & ~Q(email__in=walkers)))
    return sorted(ordered, key=lambda person: (person.country_id != COUNTRY, person.country_id or ""))


def journeys(beside: str = "") -> list[Journey]:
    """Return the journeys that a newcomer should walk.

    `beside` is where the demo is under its other name: a browser keeps another sign-in there.
    """
    return [_call(), _lesson(), _manager(), _call_for_four(beside)]


def _call() -> Journey:
    return Journey(
        _("A call"),
        _("Dial 2883 on the demo phone, answer as the operator, open a case, accept as the agency."),
        (
            Step(_("Open the demo phone and dial 2883."), "", _url("hotline:phone")),
            Step(
                _("Take the call in the console and fill the sheet; open a case."),
                "operator.lr@example.org",
                _url("hotline:console"),
            ),
            Step(
                _("Follow the case: answer what it asks, ask for consent, refer."),
                "operator.lr@example.org",
                _url("referral:cases"),
            ),
            Step(_("Open the agency's letter; its link asks for the code."), "", _url("demo_letters")),
        ),
    )


def _call_for_four(beside: str) -> Journey:
    return Journey(
        _("A call for four"),
        _("Play the caller, the operator, the interpreter and the supervisor, each in a tab of one browser."),
        (
            Step(_("As the caller: dial 2883 on the demo phone and choose Arabic; the interpreter speaks it."), "", _url("hotline:phone")),
            Step(
                _("As the operator: set yourself to “Ready” and take the call with N; “?” lists all keys."),
                "operator.lr@example.org",
                _url("hotline:console"),
            ),
            Step(
                _("As the interpreter: open the demo phone once more, choose the interpreter's phone and “Only wait for a "
                  "call”. The operator rings it with I."),
                "",
                _url("hotline:phone"),
            ),
            Step(
                _("As the supervisor: choose supervisor.lr@example.org at this other address, where another sign-in is "
                  "kept. The operator asks for help with G; the board shows it."),
                "",
                f"{beside}{_url('accounts:demo_people')}?{urlencode({'next': _url('hotline:board')})}",
            ),
        ),
    )  # fmt: skip


def _lesson() -> Journey:
    return Journey(
        _("A lesson"),
        _("Take a lesson in English, go on in French or Arabic; what you did is kept."),
        (
            Step(
                _("Begin the course for courts as a learner in Liberia, where it is on offer."),
                "learner4.lr@example.org",
                _url("training:catalogue"),
            ),
            Step(
                _("See what you have done, and go on in another language."),
                "learner4.lr@example.org",
                _url("training:learning"),
            ),
            Step(
                _("Or begin Safe migration without an account: no name is asked, and you get a code."),
                "",
                _url("training:begin", "safe-migration"),
            ),
        ),
    )


def _manager() -> Journey:
    pathway = _pathway_url()
    return Journey(
        _("An edit"),
        _("Edit a lesson or a pathway step, publish, see translations go out of date."),
        (
            Step(_("Edit a lesson in the editor and publish it."), "manager.lr@example.org", _lesson_url()),
            Step(_("See which translations went out of date."), "manager.lr@example.org", _url("desk:matrix")),
            Step(_("Change a step of Liberia's pathway, then sign it."), "manager.lr@example.org", pathway),
            Step(_("Sign the pathway as the second manager."), "manager2.lr@example.org", pathway),
        ),
    )


def _lesson_url() -> str:
    """Return where the first lesson of the course for courts is edited; the editor's front while there is none."""
    lesson = queries.first_lesson_of(COURSE)
    return _url("wagtailadmin_pages:edit", lesson.pk) if lesson else _url("wagtailadmin_home")


def _pathway_url() -> str:
    """Return where the pathway of Liberia is edited; the editor's front while there is none."""
    pathway = queries.main_pathway_of(COUNTRY)
    return _url("pathways:detail", pathway.pk) if pathway else _url("wagtailadmin_home")
