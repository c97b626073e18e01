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


def translated_fields(model) -> list[str]:
    """Return the names of a model's registered fields, in the order in which the model declares them."""
    try:
        options = translator.get_options_for_model(model)
    except NotRegistered:
        return []
    names = set(options.get_field_names())
    return [field.name for field in model._meta.get_fields() if field.name in names]


def translated_columns(model) -> list[str]:
    """Return the columns of every registered field in every language but the source."""
    return [
        build_localized_fieldname(name, code)
        for name in translated_fields(model)
        for code in table.CODES
        if code != table.SOURCE
    ]


class SourceOnlyRevisions(models.Model):
    """Mixin that stands before Page (or before RevisionMixin) in the bases."""

    change = models.CharField(
        _("kind of change"),
        max_length=10,
        choices=Change,
        blank=True,
        help_text=_("What this edit means for readers of the other languages. Left empty, it counts as minor."),
    )

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

    def publish(self, *args, **kwargs):
        """Publish and re-apply every language, or do neither."""
        with transaction.atomic():
            return super().publish(*args, **kwargs)
