"""Codes of the map and the words shown for them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Need(TextChoices):
    """What a service gives; the term by which pathway steps, services and searches meet."""

    EMERGENCY_POLICE = "emergency_police", _("Police in an emergency")
    HEALTH = "health", _("Medical care")
    SHELTER = "shelter", _("A safe place to stay")
    PSYCHOSOCIAL = "psychosocial", _("Counselling")
    LEGAL_AID = "legal_aid", _("Legal aid")
    POLICE_INVESTIGATION = "police_investigation", _("Police investigation")
    CHILD_PROTECTION = "child_protection", _("Child protection")
    SOCIAL = "social", _("Social work")
    INTERPRETATION = "interpretation", _("Interpreting")
    RETURN = "return", _("Voluntary return")
    LIVELIHOOD = "livelihood", _("Work and training")
    DOCUMENTS = "documents", _("Identity papers")
    FOOD = "food", _("Food and household goods")


class StepKind(TextChoices):
    """Kinds of steps in a pathway."""

    START = "start", pgettext_lazy("kind of step", "Start")
    END = "end", pgettext_lazy("kind of step", "End")
    TASK = "task", pgettext_lazy("kind of step", "Task")
    DECISION = "decision", pgettext_lazy("kind of step", "Decision")
    GATE = "gate", pgettext_lazy("kind of step", "Question")
    CONSENT = "consent", pgettext_lazy("kind of step", "Consent")
    REFERRAL = "referral", pgettext_lazy("kind of step", "Referral")
    HANDOVER = "handover", pgettext_lazy("kind of step", "Handover")
    WAIT = "wait", pgettext_lazy("kind of step", "Waiting time")
    FORK_ALL = "fork_all", pgettext_lazy("kind of step", "Split, every way")
    FORK_ANY = "fork_any", pgettext_lazy("kind of step", "Split, ways that apply")
    JOIN = "join", pgettext_lazy("kind of step", "Join")


class Outcome(TextChoices):
    """Outcomes the engine knows by itself; a decision may declare its own words."""

    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    NO_ANSWER = "no_answer", _("no answer or no place in time, or nobody to ask")
    GIVEN = "given", _("consent given")
    REFUSED = "refused", _("consent refused")
    WITHDRAWN = "withdrawn", _("consent withdrawn")
    POSITIVE = "positive", _("positive decision")
    NEGATIVE = "negative", _("negative decision")
    STAY = "stay", _("stays in the country")
    REINTEGRATION = "reintegration", _("starts again at home, with help")
    RETURN = "return", _("goes home of her or his own wish")


class TimeUnit(TextChoices):
    """Units of a deadline."""

    HOURS = "h", _("hours")
    DAYS = "d", _("days")
    WORKING_DAYS = "wd", _("working days")
    WORKING_HOURS = "wh", _("working hours")


class DeadlineType(TextChoices):
    """What a deadline means."""

    WITHIN = "within", _("within")
    NOT_BEFORE = "not_before", _("not before")
    WINDOW_CLOSES = "window_closes", _("window closes after")


class Basis(TextChoices):
    """On what a deadline rests; said beside it everywhere, in words."""

    DEFAULT = "default", _("default, not law")
    CITED = "cited", _("cited from a public source")
    DECIDED = "decided", _("decided by the national body")


class EscalationAction(TextChoices):
    """What happens when a step is late."""

    NOTIFY = "notify", _("tell")
    REASSIGN = "reassign", _("hand over to")
    OFFER_NEXT = "offer_next", _("ask the next agency and tell")
    CASE_CONFERENCE = "case_conference", _("call a case conference with")


class Sensitivity(TextChoices):
    """How a fact is kept: plain code, or sealed."""

    PLAIN = "plain", _("plain")
    PERSONAL = "personal", _("personal, sealed")
    IDENTITY = "identity", _("identity, sealed")


class Operator(TextChoices):
    """Tests of a condition."""

    EQ = "eq", _("is")
    NE = "ne", _("is not")
    IN = "in", _("is one of")
    NOT_IN = "not_in", _("is none of")
    LT = "lt", _("is less than")
    LTE = "lte", _("is at most")
    GT = "gt", _("is more than")
    GTE = "gte", _("is at least")
    CONTAINS = "contains", _("contains")
    IS_KNOWN = "is_known", _("is known")


class VersionState(TextChoices):
    """Whether new cases may start on a frozen version."""

    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


class CaseState(TextChoices):
    """States of a case."""

    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class CloseReason(TextChoices):
    """Why a case was closed."""

    COMPLETED = "completed", _("Pathway completed")
    HELPED = "helped", _("Help was taken up; nothing more is wanted")
    INFORMATION_ONLY = "information_only", _("Information only was wanted")
    WITHDRAWN = "withdrawn", _("The person withdrew consent")
    LOST_CONTACT = "lost_contact", _("Contact was lost")
    MOVED = "moved", _("Handed to another country")
    NOT_TRAFFICKING = "not_trafficking", _("Not trafficking; ordinary services offered")
    OPENED_IN_ERROR = "opened_in_error", _("Opened in error")


class RunState(TextChoices):
    """States of one visit of a step."""

    WAITING = "waiting", _("waiting")
    ASKING = "asking", _("a question is open")
    OPEN = "open", _("open")
    BLOCKED = "blocked", _("blocked")
    DONE = "done", _("done")
    SKIPPED = "skipped", _("ended without result")


class ReferralState(TextChoices):
    """States of one request to one agency."""

    DRAFT = "draft", _("Draft")
    REQUESTED = "requested", _("Waiting for an answer")
    ON_HOLD = "on_hold", _("On the waiting list")
    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Declined")
    IN_PROGRESS = "in_progress", _("Under way")
    COMPLETED = "completed", _("Completed")
    FAILED = "failed", _("Did not work out")
    CANCELLED = "cancelled", _("Cancelled")
    RECALLED = "recalled", _("Recalled")
    NO_ANSWER = "no_answer", _("No answer")
    ENTERED_IN_ERROR = "entered_in_error", _("Entered in error")


class DeclineReason(TextChoices):
    """Why an agency declines."""

    FULL = "full", _("Full")
    NOT_ELIGIBLE = "not_eligible", _("The person is outside our mandate")
    OUT_OF_AREA = "out_of_area", _("Outside our area")
    PAPERS_MISSING = "papers_missing", _("Papers are missing")
    LANGUAGE = "language", _("No shared language")
    SAFETY_CONFLICT = "safety_conflict", _("It would not be safe")
    CONFLICT_OF_INTEREST = "conflict_of_interest", _("Conflict of interest")
    PERSON_DECLINED = "person_declined", _("The person declined")
    OTHER = "other", _("Another reason")


class LinkPurpose(TextChoices):
    """What a one-time link is for."""

    ANSWER = "answer", _("answer a referral")
    FEEDBACK = "feedback", _("say how it went")
    DELETION = "deletion", _("confirm deletion")


class ConsentGiver(TextChoices):
    """Who gives consent."""

    PERSON = "person", _("The person herself or himself")
    CAREGIVER = "caregiver", _("A caregiver")
    GUARDIAN = "guardian", _("An independent guardian")


class Assent(TextChoices):
    """What a child says itself, beside the adult who consents; also where the age is not known."""

    YES = "yes", _("Yes, the child agrees")
    NO = "no", _("No, the child does not agree")
    TOO_YOUNG = "too_young", _("Too young to be asked")


class ConsentPurpose(TextChoices):
    """For what information may be shared."""

    PROTECTION = "protection", _("Protection")
    SHELTER = "shelter", _("A safe place to stay")
    HEALTH = "health", _("Medical care")
    PSYCHOSOCIAL = "psychosocial", _("Counselling")
    LEGAL_AID = "legal_aid", _("Legal aid")
    POLICE_REPORT = "police_report", _("A report to the police")
    RETURN = "return", _("Voluntary return")
    STATISTICS = "statistics", _("Statistics without names")


class AgencyKind(TextChoices):
    """Kinds of organisations in the directory."""

    GOVERNMENT = "government", _("Government")
    POLICE = "police", _("Police")
    HEALTH = "health", _("Health service")
    NGO = "ngo", _("Non-governmental organisation")
    INTERNATIONAL = "international", _("International organisation")
    FAITH = "faith", _("Faith-based organisation")
    OTHER = "other", _("Other organisation")


class TrustState(TextChoices):
    """How far an organisation was checked."""

    CONFIRMED = "confirmed", _("Confirmed")
    UNDER_REVIEW = "under_review", _("Under review")
    UNCONFIRMED = "unconfirmed", _("Not confirmed")


class ServiceStatus(TextChoices):
    """Whether a service is running."""

    ACTIVE = "active", _("Running")
    PAUSED = "paused", _("Paused")
    ENDED = "ended", _("Ended")


class PlaceKind(TextChoices):
    """Kinds of places."""

    PHYSICAL = "physical", _("Place to go to")
    POSTAL = "postal", _("Postal address")
    VIRTUAL = "virtual", _("By phone or on line")


class Visibility(TextChoices):
    """Who may see a place."""

    PUBLIC = "public", _("Everybody")
    PARTNERS = "partners", _("Partner agencies")
    SECRET = "secret", _("Nobody without a reason")


class NoticeFault(TextChoices):
    """Why a text to an agency could not leave."""

    NO_LINE = "no_line", _("This country has no line that can send texts.")
    NO_NUMBER = "no_number", _("No number for texts is enrolled for this agency.")
    REFUSED = "refused", _("The carrier refused the text.")
    UNOPENED = "unopened", _("This cannot be opened")
