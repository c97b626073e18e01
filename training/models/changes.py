"""What a person says when she calls an edit less than what the program proposes."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel

from languages.revisions import CHANGE_PANEL
from training.choices import Lowered


class MayLower(models.Model):
    """Mixin: an edit may be published as less than proposed, with a reason that the audit log keeps."""

    lowered_because = models.CharField(
        _("why it is less than proposed"),
        max_length=14,
        choices=Lowered,
        blank=True,
        help_text=_("Only asked where the kind you choose is less than the one proposed. The audit log keeps it."),
    )

    class Meta:
        abstract = True


CHANGE_PANELS = MultiFieldPanel(
    [*CHANGE_PANEL.children, FieldPanel("lowered_because"), HelpPanel(template="training/publishing_link.html")],
    heading=CHANGE_PANEL.heading,
)
