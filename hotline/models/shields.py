"""From whom a contact is hidden since it names them, and which contacts are of one person."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import OfficeKind
from accounts.models import Office


class Shield(models.Model):
    """A contact is hidden from one account, from all people of an office, or from those of a kind of office."""

    contact = models.ForeignKey("hotline.Contact", on_delete=models.CASCADE, related_name="shields")
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(_("kind of office"), max_length=20, choices=OfficeKind, blank=True)
    set_by = models.CharField(max_length=40)
    set_at = models.DateTimeField()
    lifted_by = models.CharField(max_length=40, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["set_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=False, office=None, kind="")
                | models.Q(user=None, office__isnull=False, kind="")
                | models.Q(user=None, office=None) & ~models.Q(kind=""),
                name="shield_from_one",
            ),
        ]

    def __str__(self):
        return f"{self.contact} {self.whom}"

    @property
    def whom(self) -> str:
        """Return from whom it hides the contact, in words."""
        return str(self.user or self.office or self.get_kind_display())

    def names(self, user) -> bool:
        """Tell whether it is from this person that it hides the contact; the one question of `meets`, without a query."""
        office = user.office
        of_office = office is not None and (self.office_id == office.pk or self.kind == office.kind)
        return self.user_id == user.pk or of_office

    @staticmethod
    def meets(user) -> models.Q:
        """Return the condition of a shield that holds and hides its contact from a person."""
        met = models.Q(user=user.pk)
        if user.office_id:
            kind = Office.objects.filter(pk=user.office_id).values("kind")
            met |= models.Q(office=user.office_id) | (models.Q(kind__in=kind) & ~models.Q(kind=""))
        return met & models.Q(lifted_at=None)


class ContactLink(models.Model):
    """Somebody who knows it said that two contacts are of one person; undone, it keeps why."""

    one = models.ForeignKey("hotline.Contact", on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey("hotline.Contact", on_delete=models.CASCADE, related_name="+")
    linked_by = models.CharField(max_length=40)
    linked_at = models.DateTimeField()
    undone_by = models.CharField(max_length=40, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_reason = models.CharField(max_length=12, blank=True)

    class Meta:
        ordering = ["linked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["one", "other"], condition=models.Q(undone_at=None), name="contacts_linked_once"
            ),
            models.CheckConstraint(condition=models.Q(one__lt=models.F("other")), name="link_in_order"),
        ]

    def __str__(self):
        return f"{self.one} {self.other}"
