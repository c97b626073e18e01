"""Why a person may not publish or take off what belongs to a course of other countries, in words that say what to do."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from languages.text import listed
from training.queries import Refusal, Why


def said_of_publishing(refusal: Refusal) -> str:
    """Return why something is not published."""
    if refusal.why == Why.PLANNED:
        told = _(
            "Nothing was published: it has a time at which it is taken off, and it is offered in other countries too: "
            "%(countries)s. Only an administrator plans that. Take the time out of its schedule, then publish."
        )
    else:
        told = _(
            "Nothing was published: your country does not have this course. It is offered in %(countries)s. Your edit is "
            "kept as a draft; a manager of a country that has the course, or an administrator, can publish it."
        )
    return told % _names(refusal)


def said_of_drafts(refusal: Refusal) -> str:
    """Return, before anything is written, what becomes of an edit of what this person may not publish."""
    told = _(
        "Your country does not have this course. It is offered in %(countries)s. What you change here is kept as a draft; "
        "a manager of a country that has the course, or an administrator, can publish it."
    )
    return told % _names(refusal)


def said_of_ordering(refusal: Refusal) -> str:
    """Return why the order of a course stays."""
    told = _(
        "Nothing was moved: your country does not have this course. It is offered in %(countries)s; a manager of a country "
        "that has it, or an administrator, changes its order."
    )
    return told % _names(refusal)


def said_of_an_order_of_others(refusal: Refusal) -> str:
    """Return, before anything is moved, who changes the order of a course that this person may only read."""
    told = _(
        "Your country does not have this course. It is offered in %(countries)s; a manager of a country that has it, or an "
        "administrator, changes its order."
    )
    return told % _names(refusal)


def said_of_taking_off(refusal: Refusal) -> str:
    """Return why something is not taken off."""
    if refusal.why == Why.FOREIGN:
        told = _(
            "Your country does not have this course. It is offered in %(countries)s; a manager of a country that has it, "
            "or an administrator, takes off what belongs to it."
        )
    elif refusal.is_curriculum:
        told = _(
            "Courses of this curriculum are offered in other countries too: %(countries)s. Only an administrator takes the "
            "curriculum off. To take a course off your own country, open the course, take your country out of its "
            "countries and publish."
        )
    else:
        told = _(
            "This course is offered in other countries too: %(countries)s. Only an administrator takes it off everywhere. "
            "To take it off your own country, open the course, take your country out of its countries and publish."
        )
    return told % _names(refusal)


def _names(refusal: Refusal) -> dict[str, str]:
    return {"countries": listed(refusal.countries, get_language())}
