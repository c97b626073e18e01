"""Who learns with a progress code, as the session of her browser knows her: the learner and a mark of the code, never the code."""

from training.models import Learner
from training.queries import Holder, holder_in, mark_of
from training.views import held

KEY = "training_holder"


def guest_of(request) -> Holder | None:
    """Return who holds a progress code in this session; None where nobody does, or the code opens nothing any more."""
    told = request.session.get(KEY)
    if not told:
        return None
    holder = holder_in(*told)
    if holder is None:
        del request.session[KEY]
    return holder


def open_for(request, learner: Learner) -> None:
    """Let this session be hers, under a new session id; what waited for her since the last one was over is hers again."""
    request.session.cycle_key()
    request.session[KEY] = [str(learner.public_id), mark_of(learner)]
    request.user = Holder(learner)
    held.claim(request, request.user)
