"""Reads of the triage sheet: the newest version, its note's row, the words to say, the facts so far."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import translation

from hotline import triage
from hotline.choices import Answer, ContactKind
from hotline.models import Contact, KeyAnswer, Sheet
from languages.text import listed
from referral.queries import areas_of


@dataclass(frozen=True)
class Fact:
    """One answer as it is shown: question key, label, words, code for its shape.

    `differs`: what the caller said by key where the sheet says something else, in words; "" else.
    """

    key: str
    label: str
    words: str
    code: str
    differs: str = ""


def newest_sheet(contact: Contact) -> Sheet:
    """Return the sheet as it stands, with what the caller said by key where the operator has given no answer.

    Before the first answer it is version 0, unsaved. `given`: what its caller answered by
    key, `by_key`: the answers which that gives, whoever saved them since.
    """
    found = contact.sheets.order_by("-version").first()
    return _as_told(contact, found, list(contact.key_answers.values_list("question", "answer")))


def sheets_of(contacts: Iterable[Contact]) -> dict[int, Sheet]:
    """Return what `newest_sheet` returns of several contacts, by the key of each, with the country's version of each form:
    two statements, of however many.
    """
    rows = list(contacts)
    given = _given_by(KeyAnswer.objects.filter(contact__in=[row.pk for row in rows])) if rows else {}
    newer = Sheet.objects.filter(contact=OuterRef("contact"), version__gt=OuterRef("version"))
    newest = Sheet.objects.filter(~Exists(newer), contact__in=[row.pk for row in rows]).select_related("form")
    found = {sheet.contact_id: sheet for sheet in newest} if rows else {}
    return {row.pk: _as_told(row, found.get(row.pk), given.get(row.pk, [])) for row in rows}


def _as_told(contact: Contact, sheet: Sheet | None, given: list[tuple[str, str]]) -> Sheet:
    """Return a contact's newest sheet, or one of version 0, with what its caller said by key."""
    found = sheet or Sheet(version=0, answers={})
    found.contact, found.given = contact, given
    found.by_key = triage.answers_from_keys(given)
    found.answers = triage.with_keys(found.answers, given)
    return found


def _given_by(keys: QuerySet[KeyAnswer]) -> dict[int, list[tuple[str, str]]]:
    """Return what callers answered by key, by the key of each contact."""
    given: dict[int, list[tuple[str, str]]] = {}
    for contact, question, answer in keys.values_list("contact_id", "question", "answer"):
        given.setdefault(contact, []).append((question, answer))
    return given


@dataclass(frozen=True)
class ByKeys:
    """That a caller who is on the line cannot speak and answers by keys, and whether somebody listens to the telephone."""

    is_overheard: bool


def by_keys_of(contact: Contact, answers: Mapping[str, object], given: Collection[tuple[str, str]]) -> ByKeys | None:
    """Return how a caller answers by keys; None for one who speaks, or who said since that she or he can talk freely.

    `answers` of the sheet, `given` what was answered by key.
    """
    if not contact.is_live or not contact.cannot_speak or triage.answer_of(answers, "may_talk") == triage.YES:
        return None
    return ByKeys(("overheard", Answer.YES) in given)


def by_keys_now(contact: Contact) -> ByKeys | None:
    """Return how a caller answers by keys; no query for one who speaks."""
    if not contact.is_live or not contact.cannot_speak:
        return None
    sheet = newest_sheet(contact)
    return by_keys_of(contact, sheet.answers, sheet.given)


def cannot_talk_freely(contact: Contact, answers: Mapping[str, object], given: Collection[tuple[str, str]]) -> bool:
    """Tell whether a caller who is on the line is listened to: as the sheet says, or by key where it does not know.

    `answers` of the sheet, `given` what was answered by key.
    """
    if contact.kind != ContactKind.CALL or not contact.is_live:
        return False
    said = triage.answer_of(answers, "may_talk")
    return said == triage.NO or (said != triage.YES and ("overheard", Answer.YES) in given)


def is_overheard(contact: Contact) -> bool:
    """Tell of a contact whether its caller is on the line and cannot talk freely now; no query once the call is over."""
    return speech_with(contact).is_covert


@dataclass(frozen=True)
class Speech:
    """How one may speak with a caller: who cannot speak answers by keys, and one who is listened to is not made to talk."""

    by_keys: ByKeys | None = None
    is_covert: bool = False

    @property
    def is_free(self) -> bool:
        """Tell whether there is nothing to heed."""
        return self.by_keys is None and not self.is_covert


def speech_with(contact: Contact) -> Speech:
    """Return how one may speak with a contact's caller; no query once the call is over."""
    if contact.kind != ContactKind.CALL or not contact.is_live:
        return Speech()
    sheet = newest_sheet(contact)
    told = contact, sheet.answers, sheet.given
    return Speech(by_keys_of(*told), cannot_talk_freely(*told))


def told_by_key(sheet: Sheet) -> frozenset[str]:
    """Return the questions of a sheet whose answer is as its caller said it by key; of what `newest_sheet` returned."""
    return frozenset(key for key, value in sheet.by_key.items() if triage.answer_of(sheet.answers, key) == value)


def differing(form: triage.Form, sheet: Sheet) -> dict[str, Fact]:
    """Return, by question, what a sheet says other than its caller said by key; of what `newest_sheet` returned.

    Only what weighs more by key than on the sheet is there (`triage.answers_from_keys`): a no by key makes nobody safe.
    """
    found = {}
    for key, said in sheet.by_key.items():
        asked, value = form.by_key.get(key), triage.answer_of(sheet.answers, key)
        if asked is not None and value != said:
            by_key = sheet_words(asked, said, {}, [key])
            found[key] = Fact(key, str(asked.label), answer_words(asked, value, {}), str(value), by_key)
    return found


def newest_sheets(contacts: QuerySet[Contact]) -> dict[int, dict[str, object]]:
    """Return the answers of several contacts as they stand, by the key of each, with what callers said by key."""
    keys = contacts.order_by().values("pk")
    given = _given_by(KeyAnswer.objects.filter(contact__in=keys))
    rows = (
        Sheet.objects.filter(contact__in=keys).order_by("contact_id", "version").values_list("contact_id", "answers")
    )
    return {key: triage.with_keys(answers, given.get(key, ())) for key, answers in rows}


def newest_note(contact: Contact) -> Sheet | None:
    """Return the version of the sheet that holds the note, or None."""
    return contact.sheets.filter(note__isnull=False).order_by("-version").first()


def answer_words(asked: triage.Question, value: object, places: dict[str, str]) -> str:
    """Return an answer in words, in the reader's language."""
    shared = {
        triage.YES: translation.gettext("Yes"),
        triage.NO: translation.gettext("No"),
        triage.UNKNOWN: translation.gettext("Not known"),
        triage.NOT_ASKED: translation.gettext("Not asked"),
    }
    if isinstance(value, list):
        chosen = dict(asked.choices)
        return listed((chosen[code] for code in value if code in chosen), translation.get_language())
    if isinstance(value, str) and value in shared:
        return shared[value]
    if asked.kind == triage.PLACE:
        return places.get(str(value), str(value))
    return str(dict(asked.choices).get(value, value))


def places_of(country) -> dict[str, str]:
    """Return the areas of a country by id, as the sheet offers them."""
    return {str(area.pk): area.name for area in areas_of(country)} if country else {}


def sheet_words(asked: triage.Question, value: object, places: dict[str, str], by_key: Collection[str]) -> str:
    """Return an answer in words; what is as the caller said it by key says so."""
    words = answer_words(asked, value, places)
    return translation.gettext("%(answer)s, by key") % {"answer": words} if asked.key in by_key else words


def facts_so_far(
    form: triage.Form,
    answers: dict[str, object],
    places: dict[str, str],
    by_key: Collection[str],
    differing: Mapping[str, Fact] | None = None,
) -> list[Fact]:
    """Return what was told apart from the signs, in the order of the sheet, also of branches that closed since.

    `by_key`: the questions that the caller answered by key (`told_by_key`); `differing`: those of which key and sheet say
    different things, which show both.
    """
    facts, others = [], differing or {}
    for asked in form.questions:
        value = triage.answer_of(answers, asked.key)
        if asked.key not in triage.SIGN_KEYS and value != triage.NOT_ASKED:
            code = value if value in (triage.YES, triage.NO, triage.UNKNOWN) else "told"
            words, other = sheet_words(asked, value, places, by_key), others.get(asked.key)
            facts.append(Fact(asked.key, str(asked.label), words, code, other.differs if other else ""))
    return facts


def signs_so_far(form: triage.Form, answers: dict[str, object]) -> list[Fact]:
    """Return the signs in short: how many were asked, and which were answered yes; nothing before the first."""
    signs = [asked for asked in form.questions if asked.key in triage.SIGN_KEYS]
    asked = [one for one in signs if triage.is_asked(answers, one.key)]
    if not asked:
        return []
    yes = [str(one.label) for one in asked if triage.answer_of(answers, one.key) == triage.YES]
    count = translation.gettext("%(count)s of %(all)s asked") % {"count": len(asked), "all": len(signs)}
    told = listed(yes, translation.get_language()) if yes else "0"
    return [
        Fact("signs", translation.pgettext("step of the sheet", "Signs"), count, "told"),
        Fact("signs_yes", translation.gettext("Signs answered yes"), told, "told"),
    ]
