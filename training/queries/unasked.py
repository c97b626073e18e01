"""What was said to be material while no edition could hold it: it waits for the edition that does."""

from training.models import Course, UnaskedChange


def unasked_of(course: Course) -> dict[str, set[str]]:
    """Return what waits to be asked, by country; "" stands for all countries together. One query."""
    found: dict[str, set[str]] = {}
    for country, what in UnaskedChange.objects.filter(course=course.pk).values_list("country", "what"):
        found.setdefault(country or "", set()).add(what)
    return found
