"""Whether a line names a number of the police, and the same as the public pages of its country."""

from dataclasses import dataclass

from accounts.queries import contacts_of
from accounts.queries.numbers import dialled, police_numbers
from hotline.callers import e164
from hotline.models import Line


@dataclass(frozen=True)
class PoliceDiffers:
    """What callers in danger hear as the number of the police, and what the public pages show; either may be none."""

    heard: str
    shown: tuple[str, ...]


def police_differs(line: Line) -> PoliceDiffers | None:
    """Return both where they differ, None where the line says a number that the pages show, or neither has one."""
    shown = police_numbers(contacts_of(line.country_id))
    written = [one for number in shown for one in number.split("/")]
    is_same = _one_form(line.police_number, line) in {_one_form(one, line) for one in written or [""]}
    return None if is_same else PoliceDiffers(line.police_number, tuple(shown))


def _one_form(number: str, line: Line) -> str:
    return e164(number, line.country_id) or dialled(number)


def lines_without_police() -> list[str]:
    """Return the numbers of the lines that people call and on which who is in danger hears no number of the police."""
    rows = Line.objects.filter(is_active=True, is_practice=False, police_number="")
    return list(rows.order_by("number").values_list("number", flat=True))
