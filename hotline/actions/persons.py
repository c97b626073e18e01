"""The person who is asked into a colleague's call: she is busy with it from her yes until she is out of it."""

from datetime import datetime

from accounts.models import User
from hotline.actions.operators import NotReady, operator_state
from hotline.choices import Presence
from hotline.models import OperatorState, ThirdCall

FREE = frozenset({Presence.OFF, Presence.READY, Presence.BREAK, Presence.DEBRIEF})


def take_person(third: ThirdCall, person: User, *, at: datetime) -> None:
    """Let somebody be busy with a call that is a colleague's; what she did before is kept. Raise NotReady in a call of her own."""
    state = operator_state(person, at=at)
    rows = OperatorState.objects.filter(pk=state.pk, state__in=FREE, state=state.state)
    if not rows.update(state=Presence.ON_CALL, contact=None, since=at):
        raise NotReady
    third.person, third.before = person, state.state
    ThirdCall.objects.filter(pk=third.pk).update(person=person, before=third.before)


def free_person(third: ThirdCall, at: datetime) -> None:
    """Let her be what she was before; somebody who has the call by now is not meant."""
    if third.person_id and third.before:
        rows = OperatorState.objects.filter(user_id=third.person_id, state=Presence.ON_CALL, contact=None)
        rows.update(state=third.before, since=at)
