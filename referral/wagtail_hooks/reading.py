"""Pages that show: all pathways, one with its findings and signatures, a version, a comparison, a what-if."""

from django.http import Http404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.views.clocks import in_own_time
from languages.text import whole
from referral import pathways
from referral.forms.pathways import RetireForm, SignForm
from referral.forms.trial import TrialForm
from referral.models import PathwayVersion
from referral.queries import comparing, compiling, editing, graphs, publishing, runs, trials
from referral.wagtail_hooks.base import PathwayPage, reading_language


@method_decorator(in_own_time, name="dispatch")
class Index(WagtailAdminTemplateMixin, View):
    """The pathways of the manager's country, and the models to copy."""

    page_title = _("Referral pathways")
    header_icon = "site"
    template_name = "referral/admin/index.html"

    def get_breadcrumbs_items(self):
        """Name this page behind the home page."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get(self, request):
        """Show the list."""
        rows = editing.summaries_of(publishing.pathways_visible_to(request.user))
        return self.render_to_response(self.get_context_data(rows=rows))


class Detail(PathwayPage):
    """One pathway: where it stands, what is missing, the drawing and the list, signatures, versions."""

    template_name = "referral/admin/detail.html"

    def get(self, request, **kwargs):
        """Show the working copy."""
        found = publishing.finding_lines(self.pathway, compiling.findings(self.pathway))
        gaps = [line.sentence for line in found if not line.is_fault]
        draft = pathways.Pathway(compiling.compiled_draft(self.pathway))
        standing = editing.standing_of(self.pathway, request.user)
        form = SignForm(initial={"digest": standing.digest}, gaps=gaps)
        return self.render_to_response(
            self.get_context_data(
                faults=editing.linked(self.pathway, [line for line in found if line.is_fault]),
                gaps=gaps,
                graph=graphs.graph_of(draft, reading_language(), widest=graphs.IN_EDITOR)
                if not _is_broken(found)
                else None,
                steps=editing.step_rows(self.pathway),
                standing=standing,
                form=form,
            )
        )


def _is_broken(found) -> bool:
    return any(line.rule in {"V01", "V02", "V03"} for line in found)


class Version(PathwayPage):
    """One published version, as it was signed."""

    page_subtitle = _("Published version")
    template_name = "referral/admin/version.html"

    def setup(self, request, *args, **kwargs):
        """Find the version with its pathway."""
        self.version = PathwayVersion.objects.filter(pk=kwargs["version"]).select_related("retirement").first()
        super().setup(request, *args, **kwargs)

    def lookup(self, kwargs):
        """Find the pathway by the version."""
        if self.version is None:
            raise Http404
        return {"pk": self.version.pathway_id}

    def get(self, request, **kwargs):
        """Show the frozen text, its signatures and gaps."""
        return self.render_to_response(
            self.get_context_data(
                version=self.version,
                graph=graphs.graph_of_version(self.version, reading_language(), widest=graphs.IN_EDITOR),
                signatures=editing.signatures_of(self.version),
                gaps=editing.gap_sentences(self.version),
                is_whole=pathways.digest(self.version.text) == self.version.digest,
                form=RetireForm(),
            )
        )


class Compare(PathwayPage):
    """What the working copy changes against the published version, in words."""

    page_subtitle = _("What changed")
    template_name = "referral/admin/compare.html"

    def get(self, request, **kwargs):
        """Show every difference."""
        latest = publishing.latest_version(self.pathway)
        if latest is None:
            return self.render_to_response(self.get_context_data(version=None, differences=[]))
        draft = pathways.Pathway(compiling.compiled_draft(self.pathway))
        found = comparing.differences(runs.readable(latest), draft, reading_language())
        return self.render_to_response(self.get_context_data(version=latest, differences=found))


class Try(PathwayPage):
    """What-if: invented facts and answers on a clock, on the working copy or on a version."""

    page_subtitle = _("What if")
    template_name = "referral/admin/try.html"

    def get(self, request, **kwargs):
        """Show the form, and the path when it was sent."""
        version = PathwayVersion.objects.filter(
            pathway=self.pathway, number=whole(request.GET.get("version", ""))
        ).first()
        thing = version or self.pathway
        draft = runs.readable(version) if version else pathways.Pathway(compiling.compiled_draft(self.pathway))
        sent = request.GET if "start" in request.GET else None
        form = TrialForm(sent, pathway=draft, language=reading_language(), initial={"start": timezone.now()})
        view, faults = None, ()
        if sent is not None and form.is_valid():
            view, faults = _tried(thing, form)
        return self.render_to_response(self.get_context_data(form=form, trial=view, faults=faults, version=version))


def _tried(thing, form: TrialForm):
    try:
        start = form.cleaned_data["start"]
        return trials.what_if(thing, form.facts(), form.answers(), start, reading_language()), ()
    except trials.CannotBeTried as error:
        return None, error.faults
