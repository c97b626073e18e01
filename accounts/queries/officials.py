"""Officials as the file that brings them in lists them."""

from django.db.models import QuerySet

from accounts.models import User
from accounts.queries import users_visible_to


def officials_for_export(user: User) -> QuerySet[User]:
    """Return the learners whom a person may see, by country and name, with what the file says of each; one query."""
    people = users_visible_to(user).filter(roles__contains=",learner,").select_related("country", "office")
    return people.order_by("country", "name", "email")


def official_cells(person: User) -> list[str]:
    """Return an official as a row of the file: name, e-mail, office, country, language."""
    office = person.office.name if person.office else ""
    return [person.name, person.email, office, person.country_id or "", person.language]
