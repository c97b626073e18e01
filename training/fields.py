"""A StreamField whose block definitions stay out of migrations."""

from wagtail import fields


class StreamField(fields.StreamField):
    """Wagtail's StreamField; a change of blocks needs no migration.

    The class keeps Wagtail's name because modeltranslation recognises custom fields by class name.
    """

    def deconstruct(self):
        """Return Wagtail's own path without blocks."""
        name, _path, _args, kwargs = super().deconstruct()
        kwargs["block_lookup"] = {}
        return name, "wagtail.fields.StreamField", [[]], kwargs
