"""The lattice of carrier states, and what a contact's state is once its legs have reported. Pure.

Callbacks come shuffled and doubled. Each leg keeps the greatest status it has seen, the first join, the first leave and
the set of what each conference told of it; so no order of arrival can change the result.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from hotline.stays import HOLDS, MOVES, hold_of, with_move

FOLLOW_UP, FOLLOW_UP_PRESSING = timedelta(hours=24), timedelta(hours=1)

CALL_ORDER = (
    "queued", "initiated", "ringing", "in-progress", "canceled", "no-answer", "busy", "failed", "completed",
)  # fmt: skip
CALL_FINAL = frozenset({"canceled", "no-answer", "busy", "failed", "completed"})
CALL_WORDS = {"answered": "in-progress"}

MESSAGE_ORDER = (
    "outbox", "accepted", "scheduled", "queued", "sending", "sent", "canceled", "failed", "undelivered", "delivered",
    "read",
)  # fmt: skip
MESSAGE_FINAL = frozenset({"canceled", "failed", "undelivered", "delivered", "read", "blocked_by_safety"})
RECORDING_ORDER = ("in-progress", "paused", "stopped", "processing", "absent", "failed", "completed", "deleted")


def greater(order: tuple[str, ...], one: str, other: str) -> str:
    """Return the later of two states; a word that the order does not know never wins over one it knows, nor over none.

    Of two that it does not know the first by the alphabet stays, whichever came first.
    """
    ranks = {word: rank for rank, word in enumerate(order)}
    its, others = ranks.get(one, -1), ranks.get(other, -1)
    return min(one, other) if its == others else other if others > its else one


def call_status(word: str) -> str:
    """Return the status that a callback's word means: `answered` is the event, `in-progress` the status."""
    lowered = word.strip().lower()
    return CALL_WORDS.get(lowered, lowered)


def is_known(order: tuple[str, ...], word: str) -> bool:
    """Tell whether the lattice has this word."""
    return word in order


def is_conflict(order: tuple[str, ...], final: frozenset[str], seen: Iterable[str]) -> bool:
    """Tell whether two different final words, or a word unknown to the lattice, were reported."""
    words = set(seen)
    return len(words & final) > 1 or any(word not in order for word in words)


@dataclass(frozen=True)
class LegFacts:
    """What is known of one leg: role, status, whether it joined and left the room, whether it is held.

    An operator's that is `apart` has never been in the room at the same time as the caller's.
    """

    role: str
    status: str = ""
    joined: bool = False
    left: bool = False
    held: bool = False
    apart: bool = False

    @property
    def is_final(self) -> bool:
        """Tell whether the telephone has hung up."""
        return self.status in CALL_FINAL

    @property
    def is_in_room(self) -> bool:
        """Tell whether the leg joined a room and has not left it."""
        return self.joined and not self.left and not self.is_final


def has_met(leg: LegFacts) -> bool:
    """Tell whether an operator's telephone has been in the room with the caller's."""
    return leg.role == "operator" and leg.joined and not leg.apart


class InRoom(Protocol):
    """A leg as a room reports of it."""

    role: str
    joined_at: datetime | None
    left_at: datetime | None
    away_at: datetime | None
    moves: str


def mark_of(said: datetime, number: str) -> str:
    """Return the mark of a room's report: of two of one conference the one with the greater mark was said last."""
    return f"{said:%Y%m%d%H%M%S}|{number.zfill(8)}"


def room_report(leg: InRoom, event: str, *, said: datetime, number: str, room: str) -> dict[str, object]:
    """Return what a room's report changes of a leg: what was told of it, its first join, its first leave, whether it is held.

    A caller who leaves is on hold no more, and may come back: of her the last leave is kept. Each report is kept with its
    mark and the conference that told it, whose numbers begin at 1; `hold_mark` is that of the report which says of the hold.
    """
    if event not in HOLDS and event not in MOVES:
        return {}
    moves = with_move(leg.moves, mark_of(said, number), room, (HOLDS | MOVES)[event])
    changes: dict[str, object] = {"moves": moves}
    is_caller = leg.role == "caller"
    if event == "participant-join":
        changes["joined_at"] = min(leg.joined_at or said, said)
    if event == "participant-leave" and not is_caller:
        changes["left_at"] = min(leg.left_at or said, said)
    if event == "participant-leave" and is_caller:
        changes["away_at"] = max(leg.away_at or said, said)
    if event in HOLDS or "away_at" in changes:
        changes["is_held"], changes["hold_mark"] = hold_of(moves, ends_by_leaving=is_caller)
    return changes


@dataclass(frozen=True)
class Stay:
    """How long a telephone was in a room, as the room says; None for what it did not say."""

    came: datetime | None
    went: datetime | None


def is_handed(operator: Stay, colleague: Stay, caller_went: datetime | None) -> bool:
    """Tell whether a call that may go on without its operator became a colleague's, whatever was heard of it first.

    It did where the operator went while the colleague and the caller were there.
    """
    if operator.went is None or colleague.came is None or colleague.came > operator.went:
        return False
    return all(went is None or went > operator.went for went in (colleague.went, caller_went))


ASKED = "duty-at-"  # the label of a duty phone that is asked for key 1; the turn of the document that rings it follows
ELSEWHERE = "other-"  # the label of a number of somebody else to which a call was forwarded; its count follows
TOOK, SHORT = frozenset({"in-progress", "completed"}), 5  # seconds: a forwarded call that was over sooner is no talk


class Dialled(Protocol):
    """A telephone that a document of the line rang: the duty phone, or the number that the line is forwarded to."""

    label: str
    status: str
    joined_at: datetime | None
    left_at: datetime | None


def took_call(leg: Dialled) -> bool:
    """Tell whether a person took the call there: by key 1 where it is asked for, as a mailbox presses nothing.

    Of a number of somebody else, which is not asked, it counts that it was answered, and for longer than a moment.
    """
    if leg.label.startswith(ASKED):
        return leg.joined_at is not None
    return leg.status in TOOK and leg.left_at is None


def is_short(status: str, seconds: int | None) -> bool:
    """Tell whether a call that was answered was over within seconds; one of which no length is told was not."""
    return call_status(status) in TOOK and seconds is not None and seconds < SHORT


GOES_ON = 120.0  # seconds that a room goes on for a third person when the caller has left
THIRD = frozenset({"interpreter", "agency", "supervisor", "colleague"})


# What is known of a third person who was asked into a call, from what says least to what says most.
THIRD_ORDER = ("ringing", "accepted", "joined", "over")


def third_state(stored: str, leg: LegFacts) -> str:
    """Return what became of asking a third person: what the leg reported counts, in whatever order it came.

    Who was not asked any more and came all the same, for the network told of it late, is on her way out.
    """
    if not leg.joined:
        return stored
    is_there = stored in THIRD_ORDER and leg.is_in_room
    return greater(THIRD_ORDER, stored, "joined" if is_there else "over")


def is_anybody_left(legs: Iterable[LegFacts]) -> bool:
    """Tell whether a third person is in the room, with whom an operator may go on talking when the caller has left."""
    return any(leg.is_in_room for leg in legs if leg.role in THIRD)


def settle(step_state: str, legs: Iterable[LegFacts], *, end_asked: bool = False) -> str:
    """Return a contact's state from the state of its call flow and what its legs reported.

    `end_asked`: the operator ended the conversation, so a leg that leaves is not lost. A caller who is asked by keys is
    out of the room, and is still in conversation: the operator waits there. An operator who was in the room before the
    caller came, or after she had gone, has answered nobody.
    """
    legs = list(legs)
    caller = next((leg for leg in legs if leg.role == "caller"), None)
    operators = [leg for leg in legs if leg.role == "operator"]
    was_answered = any(has_met(leg) for leg in operators)
    if step_state == "done":
        return "done"
    if caller is not None and caller.is_final:
        return "wrap_up" if was_answered else "ended"
    if step_state not in {"waiting", "offered", "phones", "asked"}:
        return "wrap_up" if was_answered and step_state == "ended" else step_state
    if any(leg.is_in_room for leg in operators):
        if step_state == "asked":
            return "asked"
        if caller is not None and caller.held:
            return "held"
        return "consult" if any(leg.is_in_room for leg in legs if leg.role in THIRD) else "connected"
    if was_answered and step_state != "offered" and end_asked:
        return "wrap_up"
    if was_answered and step_state in {"waiting", "asked"}:
        return "returned"
    return step_state


LEFT_AT = {
    "stub": "failed", "greeting": "left_greeting", "closed": "after_hours",
    "nobody": "nobody", "silent": "silent", "stay": "silent", "waiting": "abandoned", "choices": "abandoned", "phones": "abandoned",
    "callback_check": "unconfirmed", "callback_hours": "callback", "callback_shared": "callback",
    "callback_voicemail": "callback",
}  # fmt: skip
# Why the duty phone rang, or a message was offered in place of a call back: what a call is that this did not help.
# Of a line that is forwarded nothing is known of who is on shift: it was not looked for.
IN_VAIN = {
    "nobody": "nobody",
    "danger": "nobody",
    "forward": "unanswered",
    "trouble": "failed",
    "no_number": "no_number",
}
# Steps to which several ways lead: what was before them tells how the call ended.
FROM_ELSEWHERE = frozenset(
    {
        "duty",
        "voicemail",
        "callback",
        "callback_agree",
        "callback_other",
        "callback_number",
        "goodbye",
    }
)
AGREED = frozenset({"callback_check", "callback_hours", "callback_shared", "callback_voicemail"})
IF_NOT_WAITED = frozenset({"greeting", "closed"})
NOTHING_LEFT = ("", "silent", "no_number")  # chosen so, a call counts as a message where one of it can be heard


def outcome_of(step: str, reason: str, chosen: str, *, has_waited: bool, was_answered: bool) -> str:
    """Return how a call ended: what the caller chose, else where in the flow the line went dead.

    `reason` is why the duty phone rang, "" when it did not, or "no_number" where no number for a call back was kept.
    Who recorded silence chose nothing: whoever was sent to the duty phone before was not answered, and whoever left the
    queue for a message left none. Who waited in the queue found somebody on shift, who did not answer in time. Who
    agreed by key to be called back has asked for it. Who talked with an operator, was cut off and asked for a call back
    or a message then, waits for that.
    """
    if was_answered:
        return _asked_for(step, chosen) or "answered"
    if chosen and chosen != "silent":
        return chosen
    where = _gone_at(step, reason, chosen, has_waited=has_waited)
    return "unanswered" if has_waited and where == "nobody" else where


def _asked_for(step: str, chosen: str) -> str:
    """Return what somebody asked for who had talked with an operator: by where she was last; "" where she asked for nothing.

    What she chose before she talked is not asked for any more: the flow then ends elsewhere.
    """
    if step == "voicemail":
        return chosen if chosen in ("voicemail", "no_number") else "no_message"
    if step == "goodbye":
        return {"by_phone": "", "silent": "no_message"}.get(chosen, chosen)
    return LEFT_AT.get(step, "") if step in AGREED else ""


def _gone_at(step: str, reason: str, chosen: str, *, has_waited: bool) -> str:
    if step in FROM_ELSEWHERE:
        said_nothing = step == "voicemail" or bool(chosen and step == "goodbye")
        if before := IN_VAIN.get(reason):
            return before
        if has_waited:
            return "no_message" if said_nothing else "abandoned"
        return "silent" if chosen and step == "goodbye" else "after_hours"
    if step == "nobody" and reason == "forward":
        return IN_VAIN[reason]
    if has_waited and step in IF_NOT_WAITED:
        return "abandoned"
    return LEFT_AT.get(step, "failed")


def is_missed(outcome: str) -> bool:
    """Tell whether a contact of this outcome is work for somebody: nobody of the line has spoken with the person."""
    return outcome not in {"answered", "by_phone", ""}


def follow_up_by(at: datetime, *, is_pressing: bool) -> datetime:
    """Return until when a contact that is missed from an instant on is to be followed up: in danger, or in another need
    that cannot wait for a day, within the hour.
    """
    return at + (FOLLOW_UP_PRESSING if is_pressing else FOLLOW_UP)


SAID_AT_ONCE = {"busy": "busy", "no-answer": "no_answer", "failed": "failed", "canceled": "no_answer"}
GRACE_SECONDS = 5.0
CHECK_SECONDS = 150.0


def check_result(answer: str, status: str, since_end: float, since_made: float) -> str:
    """Return how a verification call ended, or "" while that is open: the key wins over whatever the carrier says.

    "Completed" may overtake the request that carries the key, so it counts after five seconds only. `since_end` is
    below zero where no end was reported.
    """
    if answer:
        return "verified" if answer == "one" else "no_key"
    if status in SAID_AT_ONCE:
        return SAID_AT_ONCE[status]
    if status == "completed" and since_end >= GRACE_SECONDS:
        return "no_key"
    return "lost" if since_made >= CHECK_SECONDS else ""
