"""What a form says about a number or a length that cannot be kept."""

import pytest
from django import forms


class Sample(forms.Form):
    number = forms.IntegerField(min_value=0, max_value=30)
    text = forms.CharField(min_length=2, max_length=5)


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [({"number": "-1"}, "number", "This must be 0 or more."), ({"number": "31"}, "number", "This must be 30 or less."),
     ({"text": "a"}, "text", "Write at least 2 characters; there are 1 now."),
     ({"text": "abcdef"}, "text", "Write at most 5 characters; there are 6 now.")],
)  # fmt: skip
def test_a_form_says_what_to_write(typed, field, said):
    form = Sample({"number": "1", "text": "abc"} | typed)

    assert form.errors == {field: [said]}
    assert str(form[field].value()) == typed[field]
