"""Sends the forms of a page with days, times and numbers at the ends of what can be written."""

import pytest
from django import forms

DAYS = ("0001-01-01", "9999-12-31")
INSTANTS = ("0001-01-01T00:00", "9999-12-31T23:59", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00")
TIMES = ("00:00", "23:59:59.999999")
NUMBERS = ("9" * 20, "-" + "9" * 4300, "1e308")
KINDS = ((forms.DateTimeField, INSTANTS), (forms.DateField, DAYS), (forms.TimeField, TIMES),
         (forms.DecimalField, NUMBERS), (forms.IntegerField, NUMBERS))  # fmt: skip

ZONED = (forms.DateTimeField, forms.DateField)  # what a time zone moves beyond the end of what can be written
EAST, WEST = "Asia/Dhaka", "America/Port-au-Prince"  # of Greenwich
ZONES = (EAST, pytest.param(WEST, marks=pytest.mark.long))


def far_values(field) -> tuple[str, ...]:
    """Return what is tried in a field; nothing in one that holds words or a choice."""
    return next((values for kind, values in KINDS if isinstance(field, kind)), ())


def forms_of(page) -> list[forms.BaseForm]:
    """Return the forms that a page was made with, also those in lists and groups of forms."""
    values = [value for layer in page.context or () for value in layer.flatten().values()]
    inner = [one for value in values if isinstance(value, list | tuple) for one in value]
    found = [one for value in [*values, *inner] for one in getattr(value, "forms", [value])]
    return list({id(form): form for form in found if isinstance(form, forms.BaseForm)}.values())


def plausible(bound) -> object:
    """Return what somebody could send in a field: what stands there, else a first choice or a word."""
    value = bound.value()
    if value not in (None, ""):
        return value
    if choices := [key for key, _words in getattr(bound.field, "choices", ()) if key and not isinstance(_words, list)]:
        return str(choices[0])
    kinds = {forms.DateField: "2026-12-01", forms.TimeField: "10:00", forms.IntegerField: "1"}
    return next((told for kind, told in kinds.items() if isinstance(bound.field, kind)), "")


def sendings(form, zone) -> list[dict]:
    """Return what is sent of a form: each odd value in its field alone, the others as somebody would fill them.

    What no zone moves is sent in the first zone only.
    """
    whole = {bound.html_name: plausible(bound) for bound in form}
    whole = {name: value for name, value in whole.items() if value not in (None, "", False)}
    moved = [bound for bound in form if zone == EAST or isinstance(bound.field, ZONED)]
    odd = [(bound.html_name, value) for bound in moved for value in far_values(bound.field)]
    return [whole | {name: value} for name, value in odd]


def walk(client, url, zone, **more) -> int:
    """Send every form of a page to the page with far values, by both methods; return how many fields take such values.

    A door that breaks raises in the test client; where a sending is taken, the page that it leads to is read too, and the first page at the end.
    """
    shown = forms_of(client.get(url))
    told = [told | more for form in shown for told in sendings(form, zone)]
    for number, sent in enumerate(told):
        client.get(url, sent)
        client.post(url, sent | {"key": f"far{number}"}, follow=True)
    client.get(url)
    return sum(bool(far_values(bound.field)) for form in shown for bound in form)
