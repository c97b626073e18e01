"""The words of the outbox, for its script: counts in every plural form of the language, written once."""

import json
from functools import lru_cache

from django import template
from django.utils.translation import get_language, gettext, ngettext

from training.choices import Reason, Verb

register = template.Library()

NUMBERS = 200  # a plural form hangs on the last two digits; the first hundred has exceptions


@register.simple_tag
def outbox_words() -> str:
    """Return what the outbox says, as JSON for an attribute; "#" stands for a number or a time."""
    return _words(get_language())


@register.simple_tag
def refusal_words() -> str:
    """Return why a record is not accepted, and what kinds of record there are, as JSON for an attribute."""
    return json.dumps(
        {
            "reasons": {str(code): str(label) for code, label in Reason.choices},
            "verbs": {str(code): str(label) for code, label in Verb.choices},
        },
        ensure_ascii=False,
    )


@lru_cache(maxsize=32)
def _words(language: str) -> str:
    said = [_waiting(number) for number in range(NUMBERS)]
    forms = list(dict.fromkeys(said))
    words = {
        "forms": forms,
        "form": "".join(str(forms.index(words)) for words in said),
        "sent": gettext("All sent, #"),
        "other": gettext("Another person is signed in here: nothing of yours is sent until you sign in."),
        "not_accepted": gettext("Not accepted: #. Why?"),
        "failed": gettext(
            "Not recorded: stay on this page. This phone has no room or refuses to keep it. Send it again."
        ),
        "answer": gettext("Your answer waits on this phone. The reasons appear once it is sent."),
        "ended": gettext(
            "Finished on this phone; it waits to be sent. The next lesson opens once there is a network."
        ),
    }
    return json.dumps(words, ensure_ascii=False, separators=(",", ":"))


def _waiting(number: int) -> str:
    """Return the words for so many waiting answers, with a sign in place of the number."""
    return ngettext("# answer waiting on this phone", "# answers waiting on this phone", number)
