"""The form of a lesson, question or story as a browser sends it back: all that it was opened with, and what was typed."""

from django.urls import reverse
from wagtail import blocks

from tests.training.test_wagtail_hooks import typed

NO_COMMENTS = {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}


def address_of(thing):
    """Return the address of the editor's form of a thing."""
    if hasattr(thing, "path"):
        return reverse("wagtailadmin_pages:edit", args=[thing.pk])
    return reverse(f"wagtailsnippets_training_{thing._meta.model_name}:edit", args=[thing.pk])


def fields_of(client, thing):
    """Open the form of a thing and return every field as a browser would send it, lines ended as browsers end them."""
    answer = client.get(address_of(thing))
    form, fields = answer.context["form"], typed(answer)
    for name, field in form.fields.items():
        if hasattr(field, "block"):
            fields = {key: value for key, value in fields.items() if key != name and not key.startswith(f"{name}-")}
            fields |= _of_block(field.block, field.block.get_form_state(form[name].value()), name)
    return {name: _as_sent(value) for name, value in fields.items()}


def press(client, thing, **typed_in):
    """Press Publish in the form of a thing in which something was typed, and return the answer."""
    return client.post(address_of(thing), fields_of(client, thing) | NO_COMMENTS | {"action-publish": "1"} | typed_in)


def proposed_on_page(client, thing):
    """Return what "What publishing does" says of the kind of the draft that was saved last."""
    answer = client.get(reverse("training:publishing", args=[thing._meta.model_name, thing.pk]))
    return answer.context["found"].proposal.change


def _of_block(block, state, name):
    if isinstance(block, blocks.BaseStreamBlock):
        return _in_rows(
            name, [(row["id"], row["type"], block.child_blocks[row["type"]], row["value"]) for row in state]
        )
    if isinstance(block, blocks.ListBlock):
        return _in_rows(name, [(row["id"], "item", block.child_block, row["value"]) for row in state])
    if isinstance(block, blocks.BaseStructBlock):
        parts = (_of_block(child, state[part], f"{name}-{part}") for part, child in block.child_blocks.items())
        return {key: value for part in parts for key, value in part.items()}
    if isinstance(block, blocks.StaticBlock) or isinstance(block, blocks.BooleanBlock) and not state:
        return {}
    if isinstance(state, list):  # what was chosen
        state = state[0] if state else None
    return {name: state["id"] if isinstance(state, dict) else "" if state is None else str(state)}


def _in_rows(name, rows):
    fields = {f"{name}-count": str(len(rows))}
    for place, (own, kind, block, state) in enumerate(rows):
        begin = f"{name}-{place}"
        fields |= {f"{begin}-id": own, f"{begin}-type": kind, f"{begin}-order": str(place), f"{begin}-deleted": ""}
        fields |= _of_block(block, state, f"{begin}-value")
    return fields


def _as_sent(value):
    return value.replace("\r\n", "\n").replace("\n", "\r\n") if isinstance(value, str) else value
