"""Where a form that was sent on stale data differs from what stands now."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from languages.text import listed


@dataclass(frozen=True)
class Difference:
    """One field in which a form that was sent on stale data differs from what stands now, in words."""

    label: str
    stands: str
    sent: str


def differences(standing: forms.BaseForm, sent: forms.BaseForm) -> list[Difference]:
    """Return where a form that was sent differs from what stands now, field by field in their order."""
    found = []
    for name, field in sent.fields.items():
        if not field.widget.is_hidden and name in standing.fields and name != "change":
            now, told = said(standing[name]), said(sent[name])
            if now != told:
                found.append(Difference(str(field.label), now, told))
    return found


def said(bound: forms.BoundField) -> str:
    """Return what a field of a form holds, in words."""
    value = bound.value()
    if isinstance(bound.field, forms.BooleanField) and not isinstance(bound.field, forms.NullBooleanField):
        return _("yes") if value else _("no")
    values = [str(one) for one in value] if isinstance(value, list | tuple | set | frozenset) else [str(value)]
    told = [one.strip().replace("\r\n", "\n") for one in values if one not in {"", "None", "False"}]
    labels = {}
    for code, label in getattr(bound.field, "choices", ()):
        labels |= (
            {str(key): str(words) for key, words in label} if isinstance(label, list) else {str(code): str(label)}
        )
    if isinstance(bound.field, forms.MultipleChoiceField):
        told.sort(key=[*labels, *told].index)
    return listed((labels.get(one, one) for one in told), get_language()) or "–"
