"""What the form of a learner or a trainer sent when her session was over: kept for one hour, and taken once she has signed in again.

Only a post whose token names a person is kept, in the session of the browser that sent it, and only she gets it back:
who else signs in there ends it. An account that took a code over is her who held it; what was sent under a code that
stands waits on beside an account, which may take that over yet, and nobody is shown it before. The post has passed the
check of its form token when it came, and its own token again when it is taken; a repeat is the same event.
"""

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from training.queries.holders import is_holder, is_of, standing_of

KEPT_SECONDS = 3600
LARGEST = 96 * 1024  # a test of sixty questions of twelve pairs each
KEY = "training_held"
SENT_NOW = _("You were signed out when you sent this. It was kept for you, and has been sent now.")


def keep(request, who: str) -> bool:
    """Keep a post for the person its token names; tell whether there was room for it."""
    data = request.POST.copy()
    data.pop("csrfmiddlewaretoken", None)
    post = {"who": who, "path": request.path, "data": data.urlencode(), "at": int(timezone.now().timestamp())}
    others = [one for one in _waiting(request, who) if (one["path"], one["data"]) != (post["path"], post["data"])]
    if sum(len(one["data"]) for one in [*others, post]) > LARGEST:
        return False
    request.session[KEY] = [*others, post]
    request.session.set_expiry(KEPT_SECONDS)
    return True


def take(request) -> list[QueryDict]:
    """Return what waited for this person at this address, oldest first; it waits no longer."""
    if request.method != "GET" or KEY not in request.session or not request.user.is_authenticated:
        return []
    who = str(request.user.public_id)
    waiting = _waiting(request, who)
    _leave(request, [one for one in _fresh(request) if (one["who"], one["path"]) != (who, request.path)])
    return [QueryDict(one["data"]) for one in waiting if one["path"] == request.path]


def address(request) -> str:
    """Return the address at which something waits for this person, once; "" where nothing does."""
    waiting = _waiting(request, str(request.user.public_id))
    untold = next((one for one in waiting if not one.get("told")), None)
    if untold is None:
        return ""
    _leave(request, [one | {"told": one.get("told") or one is untold} for one in _fresh(request)])
    return untold["path"]


def claim(request, user) -> None:
    """Leave to a person who has signed in, or just took a code over, what is hers; end what waited for anybody else."""
    if KEY in request.session:
        known = {one["who"] for one in request.session[KEY]}
        hers = {who for who in known if is_of(user, who)}
        codes = set() if is_holder(user) else standing_of(known - hers)
        mine = str(user.public_id)
        waiting = [one for one in _fresh(request) if one["who"] in hers | codes]
        _leave(request, [one | {"who": mine} if one["who"] in hers else one for one in waiting])
        request.session.set_expiry(None)


def _waiting(request, who: str) -> list[dict]:
    """Return what waits for a person, by her id."""
    return [one for one in _fresh(request) if one["who"] == who]


def _fresh(request) -> list[dict]:
    """Return what waits, for whomever, and is not too old."""
    oldest = int(timezone.now().timestamp()) - KEPT_SECONDS
    return [one for one in request.session.get(KEY, []) if one["at"] > oldest]


def _leave(request, waiting: list[dict]) -> None:
    """Let only this wait on."""
    if waiting:
        request.session[KEY] = waiting
    else:
        del request.session[KEY]
