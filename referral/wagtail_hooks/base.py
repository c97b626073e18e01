"""What every page of the pathway editor shares: the pathway, the right to edit it, the way back."""

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts import queries as people
from accounts.rules import allowed
from languages import table
from referral.models import Pathway
from referral.queries import publishing
from referral.rules import RULES

EDITOR_LANGUAGES = {"id-id": "id", "pt-pt": "pt"}


def reading_language() -> str:
    """Return the language the editor is read in, as one of ours."""
    code = EDITOR_LANGUAGES.get(get_language(), get_language())
    return code if code in table.BY_CODE else table.SOURCE


def pathway_for(user, **lookup) -> Pathway:
    """Return a pathway the person may see, or answer as for one that does not exist."""
    pathway = publishing.pathways_visible_to(user).filter(**lookup).first()
    if pathway is None:
        raise Http404
    return pathway


def editable_for(user, **lookup) -> Pathway:
    """Return a pathway the person may edit, or answer as for one that does not exist."""
    pathway = pathway_for(user, **lookup)
    if not allowed(user, RULES, "edit_pathway", pathway):
        raise Http404
    return pathway


class PathwayPage(WagtailAdminTemplateMixin, View):
    """A page about one pathway."""

    header_icon = "site"
    pathway: Pathway
    needs_edit = False

    def setup(self, request, *args, **kwargs):
        """Find the pathway before anything else."""
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            find = editable_for if self.needs_edit else pathway_for
            self.pathway = find(request.user, **self.lookup(kwargs))

    def dispatch(self, request, *args, **kwargs):
        """Read and show times in the zone of the pathway's country."""
        with timezone.override(people.calendar_of(self.pathway.country).zone if self.pathway.country_id else None):
            response = super().dispatch(request, *args, **kwargs)
            return response.render() if hasattr(response, "render") else response

    def lookup(self, kwargs) -> dict:
        """Return by what the pathway is found."""
        return {"pk": kwargs["pk"]}

    def get_page_title(self):
        """Return the pathway's title."""
        return self.pathway.title_en

    def get_breadcrumbs_items(self):
        """Lead back to all pathways and to this one."""
        here = [{"url": "", "label": self.get_page_subtitle()}] if self.get_page_subtitle() else []
        return [
            *self.breadcrumbs_items,
            {"url": reverse("pathways:index"), "label": _("Referral pathways")},
            {"url": reverse("pathways:detail", args=[self.pathway.pk]), "label": self.pathway.title_en},
            *here,
        ]

    def get_context_data(self, **kwargs):
        """Add the pathway and whether it may be edited."""
        may_edit = allowed(self.request.user, RULES, "edit_pathway", self.pathway)
        return super().get_context_data(pathway=self.pathway, may_edit=may_edit, **kwargs)
