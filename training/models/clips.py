"""Sound and film that lessons play. A file never changes: another recording is another clip, so editions stay true."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from languages import table
from training.choices import MediaKind


def _place(clip: "Clip", name: str) -> str:
    """Return where the file of a clip lies: nothing of the name that somebody gave it."""
    return f"clips/{clip.public_id}.{name.rpartition('.')[2]}"


class Clip(models.Model):
    """One recording or film in the language that is spoken in it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("name in the editor"), max_length=120, help_text=_("Readers do not see it."))
    language = models.CharField(
        _("spoken in"),
        max_length=5,
        choices=table.LANGUAGES,
        default=table.SOURCE,
        blank=True,
        help_text=_("Empty: nobody speaks in it."),
    )
    file = models.FileField(_("file"), upload_to=_place)
    kind = models.CharField(_("kind"), max_length=5, choices=MediaKind, editable=False)
    content_type = models.CharField(max_length=20, editable=False)
    size = models.PositiveIntegerField(_("size"), editable=False)
    sha256 = models.CharField(max_length=64, editable=False)

    panels = [FieldPanel("title"), FieldPanel("language"), FieldPanel("file")]

    class Meta:
        ordering = ["title", "pk"]
        verbose_name = _("sound or film")
        verbose_name_plural = _("sound and film")

    def __str__(self):
        return f"{self.title} ({self.get_kind_display()}{f', {self.language}' if self.language else ''})"

    @property
    def ending(self) -> str:
        """Return the ending of the file's name, which its address bears."""
        return self.file.name.rpartition(".")[2]
