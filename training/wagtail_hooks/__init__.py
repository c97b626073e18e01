"""The school in the editor, and its pages on the site."""

from django.contrib import messages
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.panels import ObjectList
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn
from wagtail.models import Page, ReferenceIndex
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from languages.text import listed
from training import actions, queries
from training.forms import ClipForm, OverlayForm, said_of_need
from training.models import Clip, Course, CourseVersion, Curriculum, Lesson, Module, Overlay, Question, Scenario
from training.queries.bank import with_schedules
from training.views.copies import CopyOfEntry, FilledForm, HistoryOfEntry, UsageOfEntry
from training.views.entries import DeleteEntry, EditEntry, NewEntry
from training.views.pages import serve
from training.views.publishing import is_shown_first, shown_first, tell_schedule
from training.wagtail_hooks import entries, leaving, own_courses  # noqa: F401 -- their hooks

PAGES = (Curriculum, Course, Module, Lesson)


@hooks.register("on_serve_page")
def serve_school(following):
    """Hand the school's pages to the training views; who may read them is not asked: no page is private."""

    def serve_page(page, request, args, kwargs):
        return serve(request, page) if isinstance(page, PAGES) else following(page, request, args, kwargs)

    return serve_page


@hooks.register("before_publish_page")
@hooks.register("before_publish")
def show_what_publishing_does(request, thing):
    """Show what publishing does before it is done, where readers have the thing: its form was fit, its draft is kept."""
    return shown_first(request, thing)


@hooks.register("after_publish_page")
@hooks.register("after_publish")
def say_what_is_planned(request, thing):
    """Say beside "published" when the thing goes live and when it is taken off, where a schedule was set."""
    tell_schedule(request, thing)


@hooks.register("before_bulk_action")
def show_one_by_one(request, act, things, action):
    """Refuse to publish many pages at once when readers have one of them: each is shown first what publishing it does."""
    pages = [page for page in things if isinstance(page, Page)] if act == "publish" else []
    if request.POST.get("include_descendants"):
        pages += [below for page in pages for below in page.get_descendants().not_live()]
    waiting = list({page.pk: page for page in pages if _waits_to_be_shown(page)}.values())
    if not waiting:
        return None
    messages.error(
        request,
        _(
            "Nothing was published. Readers have these pages already, or the course in which they are new, and what an edit "
            "means for them is said and shown one page at a time: %(pages)s. Open each and press Publish there."
        )
        % {"pages": listed((page.get_admin_display_title() for page in waiting), get_language())},
    )
    return redirect(action.next_url)


def _waits_to_be_shown(page) -> bool:
    return page.has_unpublished_changes and is_shown_first(page.specific.get_latest_revision_as_object())


@hooks.register("before_delete_page")
def keep_taught_pages(request, page):
    """Refuse to delete a page that learners' records refer to; unpublishing takes it off the site."""
    if not _was_taught(page):
        return None
    messages.error(
        request,
        _("Learners' records refer to this page, so it stays. Unpublish it: then nobody is led to it any more."),
    )
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("before_bulk_action")
def keep_taught_pages_of_many(request, act, things, action):
    """Refuse to delete many pages at once when learners' records refer to one of them: then all stay."""
    taught = [page for page in things if act == "delete" and isinstance(page, Page) and _was_taught(page)]
    if not taught:
        return None
    messages.error(
        request,
        _(
            "Nothing was deleted. Learners' records refer to these pages, so they stay: %(pages)s. Unpublish them: then "
            "nobody is led to them any more."
        )
        % {"pages": listed((page.get_admin_display_title() for page in taught), get_language())},
    )
    return redirect(action.next_url)


def _was_taught(page) -> bool:
    """Tell whether records refer to a page or to one below it: a course with a version, a lesson that was published."""
    if CourseVersion.objects.filter(course__path__startswith=page.path).exists():
        return True
    below = Page.objects.descendant_of(page, inclusive=True).filter(first_published_at__isnull=False)
    return below.type(Module, Lesson).exists()


@hooks.register("before_copy_page", order=-1)  # before an alias is refused with the advice to copy
def courses_exist_once(request, page):
    """Refuse a copy of a course, or of what holds courses, before anything of it is made: each exists once, under its key."""
    if not issubclass(page.specific_class, Curriculum | Course):
        return None
    messages.error(
        request,
        _(
            "A course exists once: its key, its questions and the records of its learners cannot be copied. Nothing was "
            "made. Add a new one beside it, and copy single modules or lessons into it."
        ),
    )
    return redirect("wagtailadmin_explore", page.get_parent().pk)


class YesNoColumn(Column):
    """A column that says yes or no in the language of the page: Wagtail's icons are named True and False."""

    def get_value(self, instance):
        """Return the word for what is stored."""
        return _("Yes") if super().get_value(instance) else _("No")


class StatusColumn(LiveStatusTagColumn):
    """The column that says whether a thing is live, and until when where its end is planned."""

    cell_template_name = "training/status_cell.html"


class QuestionViews(SnippetViewSet):
    """Questions of the tests."""

    model = Question
    icon = "help"
    menu_label = gettext_lazy("Questions")
    list_display = [
        "key",
        "course",
        "form",
        "objective",
        YesNoColumn("critical", label=capfirst(gettext_lazy("critical")), sort_key="critical"),
        StatusColumn(),
    ]
    list_filter = ["course", "form", "objective", "critical"]
    search_fields = ["key"]
    list_per_page = 50
    copy_view_class = FilledForm

    def get_queryset(self, request):
        """Return the questions with what the list shows of each, in one query."""
        return with_schedules(Question.objects.select_related("course"))


class ScenarioViews(SnippetViewSet):
    """Branching stories."""

    model = Scenario
    icon = "redirect"
    menu_label = gettext_lazy("Scenarios")
    list_display = ["heading_en", "course", "minutes", StatusColumn()]
    list_filter = ["course"]
    search_fields = ["key", "heading_en"]
    list_per_page = 50
    copy_view_class = FilledForm

    def get_queryset(self, request):
        """Return the scenarios with their courses, in one query."""
        return Scenario.objects.select_related("course")


class OverlayViews(SnippetViewSet):
    """What holds in one country only."""

    model = Overlay
    icon = "globe"
    menu_label = gettext_lazy("Country entries")
    list_display = [
        "country",
        Column("curriculum", label=capfirst(gettext_lazy("curriculum"))),
        "slot",
        "source_kind",
        YesNoColumn("confirmed", label=capfirst(gettext_lazy("confirmed")), sort_key="confirmed"),
        "checked_at",
        "review_at",
    ]
    list_filter = ["country", "curriculum", "slot", "confirmed", "source_kind"]
    search_fields = ["text_en", "source_en"]
    ordering = ["review_at", "country", "slot"]
    list_per_page = 50
    edit_handler = ObjectList(Overlay.panels, base_form_class=OverlayForm)
    add_view_class, edit_view_class, copy_view_class = NewEntry, EditEntry, CopyOfEntry
    history_view_class, usage_view_class, delete_view_class = HistoryOfEntry, UsageOfEntry, DeleteEntry

    def get_queryset(self, request):
        """Return the entries that this person may change."""
        return queries.entries_visible_to(request.user).select_related("country", "curriculum")

    def register_chooser_viewset(self):
        """Offer no list to choose from, which would hold every country's entries: nothing chooses one."""


class ClipChooser(SnippetChooserViewSet):
    """Where a lesson's editor chooses a sound or film, or uploads one."""

    creation_form_class = ClipForm
    create_action_label = gettext_lazy("Upload")


class ClipViews(SnippetViewSet):
    """Sound and film."""

    model = Clip
    icon = "media"
    menu_label = gettext_lazy("Sound and film")
    list_display = [
        "title",
        "kind",
        "language",
        Column(
            "size",
            label=capfirst(gettext_lazy("size")),
            accessor=lambda clip: filesizeformat(clip.size),
            sort_key="size",
        ),
    ]
    list_filter = ["kind", "language"]
    search_fields = ["title"]
    list_per_page = 50
    chooser_viewset_class = ClipChooser
    copy_view_enabled = False  # two rows would share one file, which goes with the first of them
    edit_handler = ObjectList(Clip.panels, base_form_class=ClipForm)


@register_snippet
class SchoolViews(SnippetViewSetGroup):
    """The school's part of the editor's menu."""

    items = (QuestionViews, ScenarioViews, OverlayViews, ClipViews)
    menu_label = gettext_lazy("School")
    menu_icon = "openquote"
    menu_order = 210


@hooks.register("before_delete_snippet")
def keep_taught_questions(request, things):
    """Refuse to delete a question or scenario that was ever published: editions and answers refer to it."""
    bank = [thing for thing in things if isinstance(thing, Question | Scenario)]
    taught = [thing for thing in bank if thing.live or thing.first_published_at]
    if not taught:
        return None
    if isinstance(taught[0], Scenario):
        return _keep_scenarios(request, taught)
    messages.error(
        request,
        _(
            "Nothing was deleted. Learners' answers refer to these questions, so they stay: %(keys)s. To retire a question, "
            "open it and unpublish it: then no new test asks it."
        )
        % {"keys": listed((thing.key for thing in taught), get_language())},
    )
    return redirect("wagtailsnippets_training_question:list")


@hooks.register("before_delete_snippet")
def keep_played_clips(request, things):
    """Refuse to delete a sound or film that a lesson plays."""
    played = [one for one in things if isinstance(one, Clip) and ReferenceIndex.get_references_to(one).exists()]
    if not played:
        return None
    messages.error(
        request,
        _("Nothing was deleted. Lessons play these recordings: %(names)s. Take them out of the lessons first.")
        % {"names": listed((one.title for one in played), get_language())},
    )
    return redirect("wagtailsnippets_training_clip:list")


def _keep_scenarios(request, taught: list[Scenario]):
    """Say that scenarios stay, and how one is retired."""
    messages.error(
        request,
        _(
            "Nothing was deleted. Learners' records refer to these scenarios, so they stay: %(names)s. To retire one, open it "
            "and unpublish it: then nobody is led to it any more."
        )
        % {"names": listed((thing.heading_en for thing in taught), get_language())},
    )
    return redirect("wagtailsnippets_training_scenario:list")


@hooks.register("before_unpublish")
def keep_enough_questions(request, thing):
    """Retire a question, judged once its course is locked; refuse it while the live course needs it to fill a test."""
    if not isinstance(thing, Question) or not thing.live:
        return None
    try:
        actions.retire_question(question=thing, by=request.user)
    except actions.QuestionNeeded as needed:
        messages.error(request, said_of_need(needed.lack))
    else:
        return None  # it is off now: the editor finds nothing left to do and says that it is done
    return redirect("wagtailsnippets_training_question:edit", thing.pk)
