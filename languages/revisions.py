"""SourceOnlyRevisions: drafts, revisions and schedules carry the source language only (languages.md §5)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.log_actions import log
from wagtail.models import Page, ReferenceIndex, Revision
from wagtail.signal_handlers import disable_reference_index_auto_update
from wagtail.signals import page_published, published

from languages import clocks, table
from languages.columns import translated_columns, translated_fields
from languages.refusing import CopyForm, RefusesOddSigns
from languages.statements import rewrite

SCHEDULE = {"go_live_at", "expire_at"}

# Sent with `thing` before the first row of it is written, where it goes live or is taken off, in that transaction.
changing = Signal()

_born: ContextVar[list | None] = ContextVar("live for the first time", default=None)


class Change(models.TextChoices):
    """What an edit means for readers and translators, said at publish."""

    WORDING = "wording", _("Wording: same meaning")
    MINOR = "minor", _("Minor: better explained")
    MATERIAL = "material", _("Material: law, procedure, right answer or number")


# What an edit does to translations, shown where its kind is chosen, before the button.
# What an editor sees before publishing: the draft as readers of each language would get it.
PREVIEWS = [(row.code, f"{row.own} ({row.english})") for row in table.TABLE]

CHANGE_PANEL = MultiFieldPanel(
    [HelpPanel(template="languages/panel.html"), FieldPanel("change")], heading=_("What this edit means")
)


class SourceOnlyRevisions(models.Model):
    """Mixin that stands before Page (or before RevisionMixin) in the bases."""

    change = models.CharField(
        _("kind of change"),
        max_length=10,
        choices=Change,
        blank=True,
        help_text=_("What this edit means for readers of the other languages. Left empty, it counts as minor."),
    )

    copy_form_class = CopyForm  # of a page

    class Meta:
        abstract = True

    def serializable_data(self):
        """Return what a revision keeps: every column but the translations and the base columns beside them."""
        held_back = {*translated_columns(type(self)), *translated_fields(type(self))}
        return {key: value for key, value in super().serializable_data().items() if key not in held_back}

    def with_content_json(self, content):
        """Rebuild a revision, keeping the live translations instead of those it remembers."""
        thing = super().with_content_json(content)
        for column in translated_columns(type(self)):
            setattr(thing, column, getattr(self, column))
        return thing

    def go_live(self, *, user=None, below=None):
        """Keep what is in hand as a revision and publish it, below a page when it is new; references are indexed once."""
        with transaction.atomic():
            changing.send(sender=type(self), thing=self)
            if below is not None or self.latest_revision_id is None:
                self._begin_live(user, below)
                return
            with disable_reference_index_auto_update():
                revision = self.save_revision(user=user)
            revision.publish(user=user)

    def _begin_live(self, user, below) -> None:
        """Store what nobody has edited yet, live from the start, with its revision: one write where the editor takes three."""
        self._is_live_from_now()
        with disable_reference_index_auto_update():
            if below is None:
                self.save()
            else:
                below.add_child(instance=self)
        revision = self._first_revision(user)
        revision.save()
        columns = ["latest_revision", "live_revision"]
        if below is not None:
            self.latest_revision_created_at = revision.created_at
            columns.append("latest_revision_created_at")
        models.QuerySet(type(self)).filter(pk=self.pk).update(**{name: getattr(self, name) for name in columns})
        self._is_out(user)

    def _is_live_from_now(self) -> None:
        self.live, self.has_unpublished_changes = True, False
        self.first_published_at = self.last_published_at = timezone.now()

    def _first_revision(self, user) -> Revision:
        """Return the revision of a thing that is stored, to be stored with it."""
        self.latest_revision = self.live_revision = Revision(
            content_object=self,
            base_content_type=self.get_base_content_type(),
            user=user,
            created_at=timezone.now(),
            content=self.serializable_data(),
            object_str=str(self),
        )
        return self.latest_revision

    def _is_out(self, user) -> None:
        """Tell those who follow that a thing is live for the first time; what it points to is indexed once."""
        ReferenceIndex.create_or_update_for_object(self)
        revision, born = self.live_revision, _born.get()
        log(instance=self, action="wagtail.publish", user=user, revision=revision, content_changed=True)
        if born is not None:
            born.append(self)
        if isinstance(self, Page):
            page_published.send(sender=type(self), instance=self, revision=revision)
        published.send(sender=type(self), instance=self, revision=revision)

    def publish(self, *args, **kwargs):
        """Publish and re-apply every language, or do neither."""
        with transaction.atomic():
            changing.send(sender=type(self), thing=self)
            return super().publish(*args, **kwargs)

    def unpublish(self, *args, **kwargs):
        """Take off, with all that follows it, or do neither."""
        with transaction.atomic():
            changing.send(sender=type(self), thing=self)
            return super().unpublish(*args, **kwargs)


@contextmanager
def born_together() -> Iterator[list[SourceOnlyRevisions]]:
    """Gather what goes live for the first time, instead of following each thing alone.

    Whoever opens it brings the segments of all that was gathered in line (`languages.actions.refresh_many`).
    """
    token = _born.set([])
    try:
        yield _born.get()
    finally:
        _born.reset(token)


def is_gathered(thing: models.Model) -> bool:
    """Tell whether whoever gathers what is born will follow this thing."""
    born = _born.get()
    return bool(born) and born[-1] is thing


@transaction.atomic
def begin_live(things: Sequence[SourceOnlyRevisions], *, user=None) -> None:
    """Store things of one model that nobody has edited yet, live from the start; few statements for all. No pages."""
    for thing in things:
        thing._is_live_from_now()
    made = models.QuerySet(type(things[0])).bulk_create(things) if things else []
    Revision.objects.bulk_create([thing._first_revision(user) for thing in made])
    rewrite(made, ["latest_revision", "live_revision"])
    for thing in made:
        thing._is_out(user)


OVERTAKEN = _(
    "Somebody else saved this page while you wrote, so yours is not saved yet. What you wrote still stands here. "
    "Look at theirs in the history of the page; send yours once more to replace it."
)

OWN_WINDOW = _(
    "You saved this page in another window while you wrote here, so this is not saved yet. What you wrote here still "
    "stands here. Look at the other in the history of the page; send this once more to replace it."
)

# Of a question or story, which has a history and is no page.
THING_OVERTAKEN = _(
    "Somebody else saved this while you wrote, so yours is not saved yet. What you wrote still stands here. "
    "Look at theirs in the history; send yours once more to replace it."
)

THING_IN_OWN_WINDOW = _(
    "You saved this in another window while you wrote here, so this is not saved yet. What you wrote here still "
    "stands here. Look at the other in the history; send this once more to replace it."
)

# Of a picture, document or recording, which has no history to look at; who saved it is not known, it may be oneself.
FILE_OVERTAKEN = _(
    "This file was saved by somebody else, or in another window, while you wrote, so yours is not saved yet. What you "
    "wrote still stands here. Send yours once more to replace what stands there."
)


class SourceForm(RefusesOddSigns, WagtailAdminModelForm):
    """The editor's form of a thing with revisions: lets nobody overwrite unawares, nor her own other window."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in SCHEDULE & self.fields.keys():
            self.fields[name].help_text = _("Time zone: %(zone)s") % {"zone": clocks.zone_name()}

    def clean(self):
        """Send the form back when the thing was saved elsewhere since it was opened; sent once more, it replaces that."""
        cleaned = super().clean()
        if self._was_overtaken():
            is_own = self.instance.latest_revision.user_id == self.for_user.pk
            own, other = (
                (OWN_WINDOW, OVERTAKEN) if isinstance(self.instance, Page) else (THING_IN_OWN_WINDOW, THING_OVERTAKEN)
            )
            self.add_error(None, ValidationError(own if is_own else other))
        return cleaned

    def _was_overtaken(self) -> bool:
        """Tell whether the latest revision is another one than this form was opened with, or last kept by itself.

        Each answer to what the editor keeps by itself is put into the form (`editor-session.js`): the same row again and
        again, so its time tells as well.
        """
        kept = self.data.get("overwrite_revision_id")
        base = kept or self.data.get("loaded_revision_id")
        latest = self.instance.latest_revision if self.instance.pk else None
        if latest is None or not base:
            return False
        opened_at = "" if kept else self.data.get("loaded_revision_created_at")
        return base != str(latest.pk) or bool(opened_at) and opened_at != latest.created_at.isoformat()


class SourcePageForm(SourceForm, WagtailAdminPageForm):
    """The editor's form of a page, which makes an address left empty from the name."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
