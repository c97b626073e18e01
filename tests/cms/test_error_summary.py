"""What stands above a form that came back: each label once, with one colon behind it."""

import pytest
from django import forms
from django.template import Context, Template


@pytest.mark.parametrize(
    ("label", "told"),
    [
        ("The caller has said yes.", "The caller has said yes: Ask first."),
        ("হ্যাঁ বলেছেন।", "হ্যাঁ বলেছেন: Ask first."),
        ("May we call?", "May we call?: Ask first."),
        ("Reason", "Reason: Ask first."),
    ],
)
def test_a_label_that_is_a_sentence_loses_its_full_stop_before_the_colon(label, told):
    class Asked(forms.Form):
        agreed = forms.BooleanField(label=label, error_messages={"required": "Ask first."})

    page = Template("{% load fanal %}{% error_summary form %}").render(Context({"form": Asked({})}))

    assert f">{told}</a>" in page
