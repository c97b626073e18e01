"""A day of calls and texts, played on the stage through the real webhooks, ending at the demo's instant."""

import datetime as dt

from accounts.models import User
from hotline import actions
from hotline.actions import reviews, safety, sheets, simulation
from hotline.actions.answering import claim_answer, leave_answers
from hotline.actions.messages import queue_message
from hotline.choices import ActKind, Presence, Topic
from hotline.choices.reviews import CRITERIA, ReviewReason
from hotline.demo.stage import Stage
from hotline.models import Contact, SimulatorAct

ANSWERED = "press {key}\nwait 9\noperator takes\nwait {talk}\noperator ends\nwait 12"
# Hours before the demo's instant, caller, script. Each ends in another state.
CALLS = (
    (
        23.0,
        "from +231770001001",
        "press 1\nwait 9\noperator takes\nwait 240\noperator ends\nwait 12\noperator wraps up",
    ),
    (20.5, "withheld", "wait 75\nhang up"),
    (18.0, "from +231770001002", "press 2\nwait 12\nwait 90\nhang up"),
    (
        15.5,
        "from +231770001003",
        'press 1\nwait 9\npress *\npress 3\nwait 2\npress 1\nwait 2\nsay "I would like to ask about a job offer abroad. Please call me in the evening, after seven."\npress #\nwait 12',
    ),
    (
        12.0,
        "withheld",
        "press 9\nwait 10\noperator takes\nwait 420\noperator holds\nwait 20\noperator takes back\nwait 200\noperator ends\nwait 12\noperator wraps up",
    ),
    (
        9.0,
        "from +231770001004",
        "press 1\nwait 9\npress *\npress 2\nwait 1\npress 2\npress 3\npress 2\npress 1\nwait 12",
    ),
    (
        7.2,
        "from +231770001005",
        "press 5\npress 1\npress 2\npress 1\npress 2\npress 1\npress 1\npress 1\npress 2\nwait 10\nhang up",
    ),
    (
        5.0,
        "from +231770001001",
        "press 1\nwait 9\noperator takes\nwait 150\noperator drops\nwait 8\noperator takes\nwait 120\noperator ends\nwait 12\noperator wraps up",
    ),
    (3.1, "from +231770001006", "twice\npress 1\nwait 40\nhang up"),
    (
        1.4,
        "from +231770001007",
        "press 2\nwait 14\noperator takes\nwait 300\noperator ends\nwait 12\noperator wraps up",
    ),
    (
        0.4,
        "from +231770001008",
        "press 1\nwait 9\noperator takes\nwait 380\noperator ends\nwait 12\noperator wraps up",
    ),
)
ABOUT = {12.0: Topic.CRISIS, 1.4: Topic.REFERRAL}  # calls of these hours; the others asked for information
ABROAD = (
    (
        "HT",
        "840",
        "+50937001001",
        6.0,
        'press 1\nwait 12\npress 1\nwait 14\nsay "Bonjou. Mwen bezwen konsèy."\npress #\nwait 12',
    ),
    ("TN", "7007", "+21620001001", 4.0, "press 1\nwait 15\nhang up"),
    ("MZ", "1458", "+258841001001", 3.0, "press 1\nwait 12\nhang up"),
    ("BD", "16135", "+8801711001001", 2.0, "press 1\nwait 12\nhang up"),
)
TEXTS = (
    (10.0, "+231770001010", "Hello. Is somebody there? I cannot call from here."),
    (8.5, "+231770001010", "I can read messages after 8 in the evening."),
    (2.2, "+231770001011", "Thank you for yesterday."),
    (1.9, "+231770001012", "STOP"),
)  # fmt: skip
BETWEEN = dt.timedelta(seconds=25)  # from one answer of a sheet to the next
SHEET = {
    "safe_now": ["yes"], "may_talk": ["yes"], "age": ["24"], "needs_shelter": ["no"], "sign_documents": ["yes"],
    "sign_wages": ["yes"], "sign_movement": ["unknown"], "sign_violence": ["no"], "consent_case": ["yes"],
}  # fmt: skip

REVIEW_ASKED = "Practice: I am not sure whether I asked about safety early enough."
REVIEW_GIVEN = (
    "Practice: You let the caller set the pace, and the sheet was closed at once. Ask first whether it is safe to talk, and "
    "write it on the sheet even if the answer is not known."
)
REVIEW_MARKS = dict.fromkeys(CRITERIA, "untold") | {"safety": "partly", "language": "met", "closing": "met"}


def play(*, at: dt.datetime) -> None:
    """Play the day: calls to Liberia's line in order of time, some to other lines, texts, and one that still waits."""
    people = {user.email.split(".")[0]: user for user in User.objects.filter(country_id="LR")}
    for number, (hours, caller, script) in enumerate(CALLS):
        _call(number, f"call 2883 {caller}\n{script}", at - dt.timedelta(hours=hours), people, ABOUT.get(hours))
    for country, line, caller, hours, script in ABROAD:
        stage = Stage(at=at - dt.timedelta(hours=hours), seed=f"demo {country}")
        stage.play(f"call {line} from {caller}\n{script}")
    _texts(at, people)
    _sheets()
    _reviews(people)
    _waiting_phone(at)


def _on_shift(people: dict[str, User], at: dt.datetime) -> User:
    return people["operator3" if at.hour < 8 else "operator" if at.hour < 16 else "operator2"]


def _call(number: int, script: str, at: dt.datetime, people: dict[str, User], about: Topic | None) -> None:
    operator = _on_shift(people, at)
    actions.set_presence(user=operator, state=Presence.READY, by=operator, at=at)
    topic = about or Topic.INFORMATION
    Stage(at=at, seed=f"demo LR {number}", operator=operator, topic=topic).play(script)


def _texts(at: dt.datetime, people: dict[str, User]) -> None:
    for number, (hours, sender, words) in enumerate(TEXTS):
        stage = Stage(at=at - dt.timedelta(hours=hours), seed=f"demo text {number}")
        stage.network.text(sender, "2883", words)
    first = Contact.objects.filter(kind="message").order_by("started_at").first()
    operator, then = people["operator"], at - dt.timedelta(hours=8)
    claim_answer(contact=first, by=operator, at=then)
    safety.set_safety(
        contact=first, answers={"may_call": "no", "may_text": "yes", "may_voicemail": "no", "shared_phone": "no"},
        who_may_answer="only_me", cover="course", safe_from=None, safe_until=None, code_word=None, by=operator, at=then,
    )  # fmt: skip
    leave_answers(by=operator, at=then)
    queue_message(contact=first, text_key="received", by=operator, at=then, key=f"demo:{first.public_id}:1")
    Stage(at=then, seed="demo text out").settle()
    unsafe = Contact.objects.filter(kind="message").order_by("-started_at").first()
    later = unsafe.started_at + dt.timedelta(minutes=6)
    queue_message(contact=unsafe, text_key="call_us", by=operator, at=later, key=f"demo:{unsafe.public_id}:1")


def _sheets() -> None:
    """Fill the sheet of two answered calls as their operators would while they talk; the earlier one becomes a case."""
    for contact in Contact.objects.filter(outcome="answered").order_by("-started_at")[:2]:
        operator = contact.legs.filter(role="operator").last().user
        at, version = contact.connected_at, 0
        for key, values in SHEET.items():
            at += BETWEEN
            version = sheets.save_answer(
                contact=contact, key=key, values=values, version=version, by=operator, at=at
            ).version
    sheets.open_case(contact=contact, by=operator, at=at + BETWEEN)


def _reviews(people: dict[str, User]) -> None:
    """Let the operator of the newest call ask for a review of it, and the supervisor give one of the first call."""
    calls = Contact.objects.filter(outcome="answered", country_id="LR", case=None).order_by("started_at")
    boss, later = people["supervisor"], dt.timedelta(minutes=20)
    for contact, is_given in ((calls.first(), True), (calls.last(), False)):
        operator, at = contact.legs.filter(role="operator").last().user, contact.ended_at + dt.timedelta(minutes=2)
        review = reviews.ask_review(
            contact=contact, operator=operator, reason=ReviewReason.UNSURE, question=REVIEW_ASKED, by=operator, at=at
        )
        if is_given:
            told = {"marks": REVIEW_MARKS, "comment": REVIEW_GIVEN}
            reviews.give_review(review=review, by=boss, at=at + later, **told)


def _waiting_phone(at: dt.datetime) -> None:
    """Let one caller dial when the practice network starts, so that somebody waits in the queue."""
    phone = simulation.new_phone(number=simulation.FIRST_CALLER, at=at)
    simulation.do(phone=phone, kind=ActKind.DIAL, at=at, **{"from": phone.number, "to": "2883"})
    simulation.do(phone=phone, kind=ActKind.PRESS, at=at, digits="1")


def dial_again(*, at: dt.datetime) -> None:
    """Let the caller who waits when the network starts dial only now: the loading took longer than anybody holds a line."""
    SimulatorAct.objects.filter(phone__number=simulation.FIRST_CALLER, phone__seen_at=None, done_at=None).update(
        made_at=at
    )
