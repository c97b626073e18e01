"""Which form was taken before: sent once more with the same answers it is a repeat, with others it is refused."""

import json

from django.utils.translation import gettext as _

from referral.models import CaseEvent

SIGN, MARK_LENGTH = "~", 12


class SentOtherwise(Exception):
    """Raised when a form that was taken is sent once more with other answers; what was taken first stands."""

    def __init__(self):
        super().__init__(
            _(
                "You sent this form before, with other answers. Those were written down, these were not."
                " Look at what stands, then decide again."
            )
        )


def sending_of(case, key: str, *kinds: str, **codes: object) -> CaseEvent | None:
    """Return the event that a sending with this key led to, None where the key is new.

    The key of a form ends in a keyed mark of what was sent (`marked` in referral/forms/fields.py): under the same key
    with another mark something else was sent. `kinds` and `codes` are what the event says when the same was asked for.
    """
    event = CaseEvent.objects.filter(case=case, key=key).first()
    if event is None:
        if twins(CaseEvent.objects.filter(case=case), key).exists():
            raise SentOtherwise
        return None
    body = json.loads(event.body)
    if (kinds and event.kind not in kinds) or any(body.get(name, "") != told for name, told in codes.items()):
        raise SentOtherwise
    return event


def access_key(user, key: str) -> str:
    """Return the key under which a person's opening of a case with a reason is kept."""
    return f"access:{user.public_id}:{key}"


def twins(rows, key: str):
    """Return the rows of the same form that was sent with other answers."""
    form, sign, rest = key.rpartition(SIGN)
    if not sign:
        return rows.none()
    return rows.filter(key__startswith=form + sign).exclude(key__startswith=form + sign + rest[:MARK_LENGTH])
