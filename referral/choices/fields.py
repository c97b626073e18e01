"""The field register: what may be shared, in which group, at which stage, and from which sealed source.

A payload is an allow-list: register and sharing profile and consent. A key that is not here is never shared.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class FieldGroup(TextChoices):
    """Groups of fields; consent is given per agency, group and purpose."""

    BASICS = "basics", _("Age group, sex, language")
    NEEDS = "needs", _("Needs and risks")
    CONTACT = "contact", _("A safe way to reach the person")
    PLACE = "place", _("Where the person is")
    IDENTITY = "identity", _("Name and contact")
    ACCOUNT = "account", _("What happened")


@dataclass(frozen=True)
class Field:
    """One shareable field: key, label, group, stage (1 offer, 2 after acceptance), source fact or case field."""

    key: str
    label: str
    group: str
    stage: int
    source: str
    is_sealed: bool = False
    read_as: str = ""  # what the agency reads, where the label says more to staff

    @property
    def agency_label(self) -> str:
        """The name of the field on the page of the agency."""
        return str(self.read_as or self.label)


G = FieldGroup

FIELDS: dict[str, Field] = {
    field.key: field
    for field in (
        Field("service", _("Service asked for"), G.BASICS, 1, "referral"),
        Field(
            "area",
            _("Area, not finer than district"),
            G.BASICS,
            1,
            "case",
            read_as=pgettext_lazy("of a person", "Area"),
        ),
        Field("urgency", _("Urgency"), G.BASICS, 1, "referral"),
        Field("age_band", _("Age group"), G.BASICS, 1, "age"),
        Field("sex", _("Sex"), G.BASICS, 1, "sex"),
        Field("language", _("Language"), G.BASICS, 1, "case"),
        Field("needs", _("Needs"), G.NEEDS, 1, "needs"),
        Field("medical_need", _("Medical need"), G.NEEDS, 2, "medical_need", is_sealed=True),
        Field("disability_needs", _("Needs because of a disability"), G.NEEDS, 2, "disability_needs", is_sealed=True),
        Field("children_with", _("Children with the person"), G.NEEDS, 1, "children_with"),
        Field("risk_level", _("Risk level"), G.NEEDS, 1, "risk_level"),
        Field("case_code", _("Case code"), G.CONTACT, 2, "case"),
        Field("safe_contact", _("Safe way and time of contact"), G.CONTACT, 2, "safe_contact", is_sealed=True),
        Field("location_now", _("Where the person is now"), G.PLACE, 2, "location_now", is_sealed=True),
        Field("danger_description", _("What the danger is"), G.PLACE, 2, "danger_description", is_sealed=True),
        Field("name", _("Name"), G.IDENTITY, 2, "name", is_sealed=True),
        Field("contact", _("Number or address"), G.IDENTITY, 2, "contact", is_sealed=True),
        Field("account", _("Account of what happened"), G.ACCOUNT, 2, "account", is_sealed=True),
        Field("exploitation_type", _("Form of exploitation"), G.ACCOUNT, 2, "exploitation_type"),
        Field("suspect", _("Suspected persons"), G.ACCOUNT, 2, "suspect", is_sealed=True),
    )
}


# Said in every offer that may be made at all: what is asked, where about, how urgent.
ALWAYS = ("service", "area", "urgency")

# What the name of a group promises: of each of these sets there must be a field, or the fields are named instead.
PROMISED: dict[str, tuple[frozenset[str], ...]] = {
    G.BASICS: (frozenset({"age_band"}), frozenset({"sex"}), frozenset({"language"})),
    G.NEEDS: (frozenset({"needs", "medical_need", "disability_needs"}), frozenset({"risk_level"})),
    G.CONTACT: (frozenset({"safe_contact"}),),
    G.PLACE: (frozenset({"location_now"}),),
    G.IDENTITY: (frozenset({"name"}), frozenset({"contact"})),
    G.ACCOUNT: (frozenset({"account"}),),
}


def group_words(group: str, keys: Collection[str]) -> tuple[list[str], list[str]]:
    """Return what consent to a group is asked for by, where it holds these fields: its name, or what is in it; and what
    stands below that. Nothing is named that an agency would not be shown.
    """
    if not keys or all(fields.intersection(keys) for fields in PROMISED[group]):
        return [str(FieldGroup(group).label)], field_labels(keys)
    own = [key for key in keys if key not in ALWAYS]
    rest = [key for key in keys if key in ALWAYS]
    return field_labels(own) or [str(_("The request itself"))], field_labels(rest)


def field_labels(keys: Iterable[str]) -> list[str]:
    """Return the names of fields; of one that the register does not know, its key."""
    return [str(FIELDS[key].label) if key in FIELDS else key for key in keys]
