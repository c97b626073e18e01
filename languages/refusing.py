"""What no form takes: signs that nobody sees or types on purpose. Forms of the editor are searched at any depth."""

import re
from collections.abc import Callable, Iterator

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.forms import pages
from wagtail.blocks.base import BlockField
from wagtail.blocks.list_block import ListBlockValidationError

from languages import text

_LINE_ENDS = re.compile(r"</(?:p|li|h[1-6]|blockquote)>|<br\s*/?>", re.IGNORECASE)  # of rich text


def refuse_odd_signs(value: str, check: Callable[[str], None] = text.check_input) -> None:
    """Raise a message for the person when a text holds hidden signs, or piles marks on a letter."""
    try:
        check(value)
    except text.TooManyMarks as error:
        raise ValidationError(
            _("A letter in this text has more than three marks above or below it. Write it without them."),
            code="marks",
        ) from error
    except text.OddText as error:
        raise ValidationError(
            _("This text holds hidden signs that cannot be kept. Type it again instead of pasting it."), code="odd"
        ) from error


class RefusesOddSigns(forms.BaseForm):
    """A form of the editor, put before Wagtail's: refuses odd signs in every text, drafts too, where they stand.

    A balanced pair of direction signs is taken within one line or paragraph, as everywhere.
    """

    def _clean_form(self):
        """Judge what the fields took, before it is judged together: what Wagtail cannot read does not come this far."""
        for name, value in [*self.cleaned_data.items()]:
            field = self.fields[name]
            if fault := fault_in(field.block, value) if isinstance(field, BlockField) else _in_words(value):
                self.add_error(name, fault)
        super()._clean_form()


class CopyForm(RefusesOddSigns, pages.CopyForm):
    """The form that copies a page under another name."""


def fault_in(block: blocks.Block, value) -> ValidationError | None:
    """Return what is odd in a block or in those within it, each fault at its own; None where nothing is."""
    if isinstance(block, blocks.StreamBlock):
        parts = {order: (child.block, child.value) for order, child in enumerate(value)}
        whole = blocks.StreamBlockValidationError
    elif isinstance(block, blocks.ListBlock):
        parts, whole = {order: (block.child_block, one) for order, one in enumerate(value)}, ListBlockValidationError
    elif isinstance(block, blocks.StructBlock):
        parts = {name: (child, value.get(name)) for name, child in block.child_blocks.items()}
        whole = blocks.StructBlockValidationError
    else:
        return _in_words(block.get_prep_value(value))
    faults = {key: fault for key, (child, one) in parts.items() if (fault := fault_in(child, one))}
    return whole(faults) if faults else None


def _in_words(value) -> ValidationError | None:
    for words in _words_of(value):
        try:
            refuse_odd_signs(_LINE_ENDS.sub("\n", words), text.check_shown)
        except ValidationError as fault:
            return fault
    return None


def _words_of(value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _words_of([*value.values()])
    elif isinstance(value, list | tuple | set):
        for one in value:
            yield from _words_of(one)
