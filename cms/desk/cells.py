"""One cell of the matrix: state by shape, by number and by word. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from languages.choices import Public
from languages.queries import Status, public_state


@dataclass(frozen=True)
class Cell:
    """How a cell looks: language, class, shape, number under the shape, and the whole in words."""

    language: str
    css: str
    shape: str
    number: str
    words: str
    url: str = ""

    @property
    def is_work(self) -> bool:
        """Tell whether something is left to do here."""
        return self.css not in {"ok", "na"}


def together(statuses: Iterable[Status]) -> Status:
    """Return the state of several things as one."""
    parts = list(statuses)
    done, total, stale = (sum(getattr(part, name) for part in parts) for name in ("done", "total", "stale"))
    names = ("awaiting_native", "in_review", "approved", "drafts")
    rest = {name: sum(getattr(part, name) for part in parts) for name in names}
    return Status(public_state(done, stale, total), done, total, stale=stale, **rest)


def cell(language: str, status: Status, *, wanted: bool = True, url: str = "") -> Cell:
    """Return the cell of a state; the gravest sign wins: out of date, waiting for review, partly, nothing."""
    if not wanted and not status.done:
        return Cell(language, "na", "", "–", _("not needed"))
    if status.code == Public.OUT_OF_DATE:
        words = ngettext("%(count)s text out of date", "%(count)s texts out of date", status.stale)
        return Cell(language, "old", "tri", str(status.stale), words % {"count": status.stale}, url)
    if status.in_review:
        words = ngettext("%(count)s text waiting for review", "%(count)s texts waiting for review", status.in_review)
        return Cell(language, "due", "ring", str(status.in_review), words % {"count": status.in_review}, url)
    if status.code == Public.PUBLISHED:
        if status.awaiting_native:
            return Cell(language, "ok", "sq", "", _("published, awaiting a native reader"), url)
        return Cell(language, "ok", "full", "", _("published"), url)
    if status.code == Public.MISSING:
        return Cell(language, "none", "box", "0", _("nothing yet"), url)
    percent = status.done * 100 // status.total
    return Cell(
        language, "part", "half", f"{percent} %", _("%(percent)s percent published") % {"percent": percent}, url
    )
