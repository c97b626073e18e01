"""Pages on which the microphone may be used; everywhere else the browser refuses it."""

from functools import wraps

from csp.decorators import csp_update
from django.conf import settings
from django_permissions_policy.decorators import permissions_policy_override

_ITSELF = permissions_policy_override(settings.PERMISSIONS_POLICY | {"microphone": ["self"]})
_OWN_SOUND = csp_update({"media-src": ["blob:"]})


def may_record(view):
    """Let a page ask for the microphone, and play what was recorded in it before it is sent."""
    return wraps(view)(_ITSELF(_OWN_SOUND(view)))
