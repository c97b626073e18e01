"""The form that keeps a number out of the queue."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import CHOOSE
from hotline.choices.blocks import BlockLength, BlockReason


class BlockForm(forms.Form):
    """Why, and for how long."""

    use_required_attribute = False
    why = forms.ChoiceField(
        label=_("Why it is blocked"), choices=[CHOOSE, *BlockReason.choices],
        error_messages={"required": _("Choose why it is blocked, and for how long.")},
    )  # fmt: skip
    hours = forms.TypedChoiceField(
        label=_("For how long"), coerce=int, choices=BlockLength.choices, initial=BlockLength.DAY
    )
