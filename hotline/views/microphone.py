"""Pages on which the microphone may be used, and the one that may reach the provider; everywhere else the browser refuses both."""

from functools import wraps

from csp.decorators import csp_update
from django.conf import settings
from django_permissions_policy.decorators import permissions_policy_override

from hotline.telephony.browser import SIGNALLING

_ITSELF = permissions_policy_override(settings.PERMISSIONS_POLICY | {"microphone": ["self"]})
_OWN_SOUND = csp_update({"media-src": ["blob:"]})


_HEARD = permissions_policy_override(settings.PERMISSIONS_POLICY | {"microphone": ["self"], "autoplay": ["self"]})
_REACHES = csp_update({"connect-src": list(SIGNALLING)})


def may_talk(view):
    """Let the page of the telephone use the microphone, be heard, and reach the signalling of the provider."""
    return wraps(view)(_HEARD(_REACHES(view)))


def may_record(view):
    """Let a page ask for the microphone, and play what was recorded in it before it is sent."""
    return wraps(view)(_ITSELF(_OWN_SOUND(view)))
