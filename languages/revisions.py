"""SourceOnlyRevisions: drafts, revisions and schedules carry the source language only (languages.md §5)."""

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from modeltranslation.translator import NotRegistered, translator
from modeltranslation.utils import build_localized_fieldname

from languages import table


class Change(models.TextChoices):
    """What an edit means for readers and translators, said at publish."""

    WORDING = "wording", _("Wording: same meaning")
    MINOR = "minor", _("Minor: better explained")
    MATERIAL = "material", _("Material: law, procedure, right answer or number")


def translated_columns(model) -> list[str]:
    """Return the columns of every registered field in every language but the source."""
    try:
        options = translator.get_options_for_model(model)
    except NotRegistered:
        return []
    return [
        build_localized_fieldname(name, code)
        for name in options.get_field_names()
        for code in table.CODES
        if code != table.SOURCE
    ]


class SourceOnlyRevisions(models.Model):
    """Mixin that stands before Page (or before RevisionMixin) in the bases."""

    change = models.CharField(_("kind of change"), max_length=10, choices=Change, blank=True)

    class Meta:
        abstract = True

    def with_content_json(self, content):
        """Rebuild a revision, keeping the live translations instead of those it remembers."""
        thing = super().with_content_json(content)
        for column in translated_columns(type(self)):
            setattr(thing, column, getattr(self, column))
        return thing

    def publish(self, *args, **kwargs):
        """Publish and re-apply every language, or do neither."""
        with transaction.atomic():
            return super().publish(*args, **kwargs)
