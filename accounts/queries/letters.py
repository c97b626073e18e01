"""Reads of letters that could not leave: which, for whom to see, and what can be done about each."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Count, Max, Q, QuerySet

from accounts.choices import BAD_ADDRESS, KEY_AWAY, LETTER_FAULTS, LOOK_AT_ADDRESS, LetterKind
from accounts.models import GIVEN_UP, Invitation, Letter, User
from accounts.queries import declared_letters, users_visible_to
from accounts.queries.invitations import letter_key
from accounts.rules import RULES, TOLD_OF_LETTERS, allowed

PERSON = "accounts.user"
# Names of receivers that are no people of ours, by kind of row: the rooms above add theirs.
NAMES: dict[str, Callable[[list[str]], dict[str, str]]] = {}


@dataclass(frozen=True)
class Lost:
    """A lost letter as the list shows it; `person` and `name` are empty where the reader may not know them."""

    letter: Letter
    kind: LetterKind
    why: str
    person: User | None
    name: str
    may_go_again: bool

    @property
    def has_bad_address(self) -> bool:
        """Tell whether the address itself was refused: to send again is of use only when it is right."""
        return self.letter.fault in BAD_ADDRESS

    @property
    def advice(self) -> str:
        """Return what the reader can do, in words."""
        return LOOK_AT_ADDRESS if self.may_go_again and self.has_bad_address else self.kind.advice


@dataclass(frozen=True)
class Stuck:
    """Letters that a mail server did not take: how many wait, how many were given up, and the faults that they met."""

    waiting: int
    given_up: int
    faults: list[str]


def stuck_letters(*, before: datetime, since: datetime) -> Stuck:
    """Return what has waited with a fault since before an instant, and what was given up since another.

    Not that of a seal key. What somebody saw to, and an address that was refused by itself, count no more once the mail
    server has taken another letter.
    """
    taken = Letter.objects.aggregate(last=Max("sent_at"))["last"] or datetime.min.replace(tzinfo=UTC)
    waits = Q(failed_at=None, queued_at__lt=before) & ~Q(fault__in=("", KEY_AWAY))
    lost = Q(failed_at__gt=since) & (Q(settled_at=None) | Q(failed_at__gt=taken))
    rows = Letter.objects.filter(waits | lost, sent_at=None).exclude(fault__in=BAD_ADDRESS, queued_at__lt=taken)
    counted = rows.order_by("fault").values_list("fault").annotate(Count("pk"), Count("failed_at"))
    found = list(counted)
    return Stuck(
        waiting=sum(every - lost for _fault, every, lost in found),
        given_up=sum(lost for _fault, _every, lost in found),
        faults=[fault for fault, _every, _lost in found],
    )


def given_up(beginning: str = "") -> QuerySet[Letter]:
    """Return the letters that were given up and to which nobody has seen yet, oldest first."""
    return Letter.objects.filter(GIVEN_UP, key__startswith=beginning).order_by("failed_at", "id")


def letters_visible_to(user) -> QuerySet[Letter]:
    """Return the letters that a user is told of once lost: administrators all, others their country's."""
    if user.has_role("administrator"):
        return Letter.objects.all()
    if user.has_role(*TOLD_OF_LETTERS) and user.country_id:
        return Letter.objects.filter(country_id=user.country_id)
    return Letter.objects.none()


def lost_letters_visible_to(user) -> QuerySet[Letter]:
    """Return the lost letters that a user is told of and to which nobody has seen yet, oldest first."""
    return letters_visible_to(user).filter(GIVEN_UP).order_by("failed_at", "id")


def count_lost_letters(user) -> int:
    """Return how many lost letters a user is told of; for all others no query is made."""
    return lost_letters_visible_to(user).count() if user.has_role(*TOLD_OF_LETTERS) else 0


def kind_of(letter: Letter) -> LetterKind:
    """Return what a letter is, by the longest beginning of its key that some room declared."""
    kinds, pieces = declared_letters(), letter.key.split(":")
    for length in range(len(pieces), 0, -1):
        if (kind := kinds.get(":".join(pieces[:length]))) is not None:
            return kind
    return LetterKind(letter.subject)


def lost_lines(letters: Iterable[Letter], user) -> list[Lost]:
    """Return lost letters as lines of the list, with names as far as the reader may see them."""
    letters = list(letters)
    people = _people(letters, user)
    names = _names(letters)
    open_now = open_invitations(letters)
    lines = []
    for letter in letters:
        person = people.get(letter.receiver)
        again = letter.key in open_now and person is not None and allowed(user, RULES, "send_letter_again", person)
        name = str(person) if person else names.get(letter.receiver, "")
        why = LETTER_FAULTS.get(letter.fault, LETTER_FAULTS[""])
        lines.append(Lost(letter, kind_of(letter), why, person, name, again))
    return lines


def open_invitations(letters: Iterable[Letter]) -> dict[str, Invitation]:
    """Return the invitations that some letters brought and that nobody has used, taken back or renewed, by key."""
    wanted = [_id_of(letter) for letter in letters if letter.key.startswith(letter_key(""))]
    if not wanted:
        return {}
    waiting = Invitation.objects.filter(user__public_id__in=wanted, accepted_at=None, revoked_at=None)
    return {letter_key(invitation.digest): invitation for invitation in waiting.select_related("user")}


def _id_of(letter: Letter) -> str:
    return letter.receiver.rpartition(":")[2]


def _people(letters: list[Letter], user) -> dict[str, User]:
    wanted = [uuid.UUID(_id_of(letter)) for letter in letters if letter.receiver.startswith(f"{PERSON}:")]
    people = users_visible_to(user).filter(public_id__in=wanted) if wanted else ()
    return {f"{PERSON}:{person.public_id}": person for person in people}


def _names(letters: list[Letter]) -> dict[str, str]:
    names: dict[str, str] = {}
    for kind, named in NAMES.items():
        wanted = [_id_of(letter) for letter in letters if letter.receiver.startswith(f"{kind}:")]
        names |= {f"{kind}:{key}": name for key, name in named(wanted).items()} if wanted else {}
    return names
