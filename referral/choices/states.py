"""The one table of moves of a referral; any other move is refused (FHIR's states, plus no answer and recalled)."""

from referral.choices.codes import ReferralState

S = ReferralState

REFERRAL_MOVES: dict[str, frozenset[str]] = {
    S.DRAFT: frozenset({S.REQUESTED, S.CANCELLED, S.ENTERED_IN_ERROR}),
    S.REQUESTED: frozenset(
        {S.ACCEPTED, S.REJECTED, S.ON_HOLD, S.NO_ANSWER, S.CANCELLED, S.RECALLED, S.ENTERED_IN_ERROR}
    ),
    S.ON_HOLD: frozenset({S.ACCEPTED, S.REJECTED, S.NO_ANSWER, S.CANCELLED, S.RECALLED}),
    S.ACCEPTED: frozenset({S.IN_PROGRESS, S.COMPLETED, S.FAILED, S.CANCELLED, S.RECALLED, S.ENTERED_IN_ERROR}),
    S.IN_PROGRESS: frozenset({S.COMPLETED, S.FAILED, S.ON_HOLD, S.CANCELLED, S.RECALLED}),
    S.NO_ANSWER: frozenset({S.ACCEPTED}),
    S.REJECTED: frozenset(),
    S.CANCELLED: frozenset(),
    S.FAILED: frozenset(),
    S.COMPLETED: frozenset(),
    S.RECALLED: frozenset(),
    S.ENTERED_IN_ERROR: frozenset(),
}

PLACED_REFERRAL_STATES = frozenset({S.ACCEPTED, S.IN_PROGRESS, S.COMPLETED})

# What an agency may answer. From the other states none of these follows: the request needs no answer any more.
ANSWER_STATES = frozenset({S.ACCEPTED, S.REJECTED, S.ON_HOLD})
ANSWERABLE_STATES = frozenset(state for state, moves in REFERRAL_MOVES.items() if moves & ANSWER_STATES)
