"""Reads of quality reviews: whose work a contact is, which reviews a person may see, what the record shows."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from accounts.models import User
from hotline.choices import ContactKind, LegRole
from hotline.choices.reviews import CRITERIA, MARK_SHAPES, WORKING, Mark
from hotline.models import Contact, Review
from hotline.queries.contacts import contacts_of_desk
from hotline.queries.sheet_forms import form_of
from hotline.queries.sheets import newest_sheet
from hotline.rules import DESK
from languages import table
from languages.text import listed

MOST = 50  # reviews that a list shows
HANDED = frozenset({"taken_over", "answer_taken_over", "handed_over"})  # somebody gave the person to somebody else


@dataclass(frozen=True)
class Judged:
    """One criterion of a review: its code, what it is, where the record shows it, how it was met, with its chip."""

    code: str
    words: str
    where: str
    mark: str
    shape: str
    kind: str


def operators_of(contact: Contact) -> list[User]:
    """Return who worked on a contact and still works at the desk of its country: whose work can be looked at."""
    legs = contact.legs.filter(role=LegRole.OPERATOR, joined_at__isnull=False).values("user")
    acts = contact.events.filter(kind__in=WORKING).values_list("by", flat=True)
    ids = {one for one in acts if len(one) == 36}
    here = User.objects.filter(country_id=contact.country_id, is_active=True)
    found = here.filter(pk=contact.claimed_by_id) | here.filter(pk__in=legs) | here.filter(public_id__in=ids)
    return [person for person in found.order_by("name") if person.has_role(*DESK)]


def reviews_of_work(user) -> QuerySet[Review]:
    """Return the reviews of a person's own work, of contacts that she may see, the newest first."""
    rows = Review.objects.filter(operator=user.pk, contact__in=contacts_of_desk(user).values("pk"))
    return rows.select_related("contact__country", "asked_by", "reviewed_by").order_by("-asked_at", "-id")


def reviews_for(user) -> QuerySet[Review]:
    """Return the reviews that a supervisor sees: of contacts of her country in which she did not work herself."""
    if not user.is_authenticated or not user.has_role("supervisor"):
        return Review.objects.none()
    seen = contacts_of_desk(user).exclude(Contact.worked_on_by(user)).values("pk")
    rows = Review.objects.filter(contact__in=seen).select_related(
        "contact__country", "contact__case", "contact__line", "operator", "asked_by", "reviewed_by"
    )
    return rows.order_by("asked_at", "id")


def reviews_on(user, contact: Contact) -> list[Review]:
    """Return the reviews of one contact that a person may see: those of her own work, or all of a supervisor's list."""
    own = list(reviews_of_work(user).filter(contact=contact))
    return own if own or not user.has_role("supervisor") else list(reviews_for(user).filter(contact=contact))


def judged(review: Review) -> list[Judged]:
    """Return how each criterion was met; one that the review does not know cannot be told."""
    found = []
    for code, (words, where) in CRITERIA.items():
        mark = Mark(review.marks.get(code, Mark.UNTOLD))
        found.append(Judged(code, str(words), str(where), str(mark.label), *MARK_SHAPES[mark]))
    return found


def record_of(contact: Contact) -> list[tuple[str, str]]:
    """Return what the record shows of how a contact was handled: (label, words), without what the person said."""
    own = {one.code: one.own for one in table.TABLE}
    rows = [
        (pgettext("column", "Channel"), contact.way),
        (pgettext("column", "Language"), own.get(contact.language, _("not chosen"))),
    ]
    if contact.kind == ContactKind.CALL and contact.queued_at and contact.connected_at:
        rows.append((_("Waited"), _lasted(contact.connected_at - contact.queued_at)))
    if contact.connected_at and contact.ended_at:
        rows.append((_("In conversation"), _lasted(contact.ended_at - contact.connected_at)))
    people = [person.get_full_name() for person in operators_of(contact)]
    rows.append((_("Who worked on it"), listed(people, get_language()) if people else "–"))
    events = list(contact.events.order_by("at", "id").values_list("kind", "detail"))
    kinds = [kind for kind, _detail in events]
    if contact.kind == ContactKind.CALL:
        rows.append((_("Times on hold"), str(kinds.count("held"))))
    rows.append((_("Times handed over"), str(sum(kind in HANDED for kind in kinds))))
    rows.append((_("First question answered on the sheet"), _first_answered(contact, events) or "–"))
    rows.append((pgettext("column", "Outcome"), contact.get_outcome_display() or "–"))
    rows.append((pgettext("column", "About"), contact.get_topic_display() or "–"))
    rows.append((_("Follow-up"), _follow_up(contact)))
    return rows


def _lasted(span: timedelta) -> str:
    """Return a span in words: seconds up to two minutes, then whole minutes."""
    seconds = max(int(span.total_seconds()), 0)
    if seconds < 120:
        return ngettext("%(count)s second", "%(count)s seconds", seconds) % {"count": seconds}
    return ngettext("%(count)s minute", "%(count)s minutes", seconds // 60) % {"count": seconds // 60}


def _first_answered(contact: Contact, events: list[tuple[str, dict]]) -> str:
    """Return the label of the question that was answered first, "" before the first answer."""
    keys = [detail.get("question", "") for kind, detail in events if kind == "sheet_saved"]
    labels = {asked.key: str(asked.label) for asked in form_of(newest_sheet(contact)).questions}
    return next((labels[key] for key in keys if key in labels), "")


def _follow_up(contact: Contact) -> str:
    if contact.closed_at:
        return str(contact.get_closing_display())
    return _("open") if contact.is_missed else "–"
