"""What the editor's pages about something that is kept in versions have in common: a draft, one that is live, earlier ones."""

from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.views.clocks import in_own_time
from languages.text import beside


def version_words(version) -> str:
    """Return the number of a published version and the time of its publishing, in the zone of who reads."""
    when = date_format(localtime(version.published_at), "DATETIME_FORMAT")
    return _("Version %(number)s, %(date)s") % {"number": version.number, "date": when}


def with_standing(rows, versions: str) -> list:
    """Return the rows of a list, each with its live version and its draft; `versions` is the name under which it has them."""
    found = list(rows.prefetch_related(versions))
    for row in found:
        states = {one.state: one for one in getattr(row, versions).all()}
        row.live, row.draft = states.get("live"), states.get("draft")
    return found


def number_in(typed: str) -> int:
    """Return the number that a form sends; -1, which nothing has, for what is no number."""
    return int(typed) if typed.isdecimal() and len(typed) < 10 else -1


@method_decorator(in_own_time, name="dispatch")
class VersionsPage(WagtailAdminTemplateMixin, View):
    """A page about one thing that is kept in versions, or the list of all.

    `place` is the route of the list with its words, `thing_place` the route of the one. The page names itself and the
    way to it: the list, the thing in short (`thing_name`), and what is done here (`leaf`), "" on the thing's own page.
    """

    place = ("", "")
    thing_place = ""
    leaf = ""

    def thing(self):
        """Return what the page is about; None on the list."""
        raise NotImplementedError

    def thing_words(self) -> str:
        """Return the name of the page of the thing."""
        raise NotImplementedError

    def thing_name(self) -> str:
        """Return the thing in few words, as they stand in the way to it."""
        raise NotImplementedError

    def get_page_title(self):
        """Return the words of the list, else the name of the thing with what is done here."""
        if self.thing() is None:
            return self.place[1]
        return beside(self.thing_words(), self.leaf, get_language()) if self.leaf else self.thing_words()

    def get_breadcrumbs_items(self):
        """Lead back to the list and to the thing; the last one is this page."""
        route, words = self.place
        items = [*self.breadcrumbs_items, {"url": reverse(route), "label": words}]
        if self.thing() is not None:
            items.append({"url": reverse(self.thing_place, args=[self.thing().pk]), "label": self.thing_name()})
        return [*items, {"url": "", "label": self.leaf}] if self.leaf else items
