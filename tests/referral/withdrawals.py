"""What the tests of consent that ends ask of a case."""

from referral import actions
from referral.models import ConsentLine, Referral


def state_of(referral):
    return Referral.objects.get(pk=referral.pk).state


def live_yes(case):
    return ConsentLine.objects.filter(consent__case=case, is_given=True, ended_at=None)


def close(case, by, at):
    actions.close_case(
        case=case, reason="information_only", outcome="safe", feedback_asked=True, key="close", by=by, at=at
    )


def end_waiting(how, held, other, by, at, keys):
    """Let nobody wait on an agency's list any more: another one took the person, the case closed, or she took back her yes."""
    if how == "elsewhere":
        actions.accept(referral=other, key=next(keys), by=by, at=at)
    elif how == "closed":
        close(held.case, by, at)
    else:
        actions.withdraw_consent(case=held.case, key=next(keys), by=by, at=at)
