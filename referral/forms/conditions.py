"""A condition as rows of a form: "all of" or "any of" some tests, and back."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from languages.text import listed
from referral.choices import Operator
from referral.forms.fields import PlainTextField
from referral.models import Fact

MOST_TESTS = 3
YES, NO = "yes", "no"


def rows_of(when: dict | None) -> tuple[str, list[dict]] | None:
    """Return a condition as ("all" or "any", tests); None when it is too deep for rows."""
    if when is None:
        return "all", []
    if "fact" in when:
        return "all", [when]
    for joiner in ("all", "any"):
        parts = when.get(joiner, ())
        if parts and len(parts) <= MOST_TESTS and all("fact" in part for part in parts):
            return joiner, list(parts)
    return None


def when_of(joiner: str, tests: list[dict]) -> dict | None:
    """Return the condition of some rows."""
    if not tests:
        return None
    return tests[0] if len(tests) == 1 else {joiner: tests}


def shown_value(value: Any) -> str:
    """Return a test's value as it stands in the form."""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, list):
        return " ".join(shown_value(part) for part in value)
    return "" if value is None else str(value)


def read_value(fact: Fact, operator: str, text: str) -> Any:
    """Return a test's value from what was typed; raise with what to type instead."""
    if operator == Operator.IS_KNOWN:
        return text.strip().lower() != NO
    if operator in {Operator.IN, Operator.NOT_IN}:
        return [_one_value(fact, part) for part in text.split()]
    return _one_value(fact, text.strip())


def _one_value(fact: Fact, text: str) -> Any:
    if fact.type == "bool":
        if text.lower() not in {YES, NO}:
            raise ValidationError(_("Type yes or no."))
        return text.lower() == YES
    if fact.type == "int":
        try:
            return int(text)
        except ValueError as error:
            raise ValidationError(_("Type a whole number, one of the cut points of the question.")) from error
    keys = [choice.key for choice in fact.choices.all()]
    if text not in keys:
        raise ValidationError(_("Type one of: %(keys)s."), params={"keys": listed(keys, get_language())})
    return text


class ConditionFields(forms.Form):
    """Three tests of facts, joined by "all" or "any"; a deeper condition is kept as it is unless replaced."""

    keep = forms.BooleanField(label=_("Keep the present condition"), required=False)
    joiner = forms.ChoiceField(
        label=_("When"),
        choices=[("all", pgettext_lazy("condition", "all of these hold")), ("any", pgettext_lazy("condition", "one of these holds"))],
        required=False,
    )  # fmt: skip

    def __init__(self, *args, facts: list[Fact], when: dict | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.facts = {fact.key: fact for fact in facts}
        self.kept = when
        rows = rows_of(when)
        if rows is not None:
            del self.fields["keep"]
        else:
            self.fields["keep"].initial = True
        joiner, tests = rows or ("all", [])
        self.fields["joiner"].initial = joiner
        for number in range(MOST_TESTS):
            self._add_test(number, tests[number] if number < len(tests) else {})

    def _add_test(self, number: int, test: dict) -> None:
        facts = [("", "")] + [(key, fact.label_en or key) for key, fact in self.facts.items()]
        self.fields[f"fact{number}"] = forms.ChoiceField(
            label=_("Question"), choices=facts, required=False, initial=test.get("fact")
        )
        self.fields[f"op{number}"] = forms.ChoiceField(
            label=_("Test"), choices=Operator.choices, required=False, initial=test.get("op", Operator.EQ)
        )
        self.fields[f"value{number}"] = PlainTextField(
            label=_("Answer"), max_length=100, required=False, initial=shown_value(test.get("value"))
        )

    def condition(self) -> dict | None:
        """Return the condition that the form says; errors stand at their fields."""
        if self.cleaned_data.get("keep"):
            return self.kept
        tests = [self._test(number) for number in range(MOST_TESTS) if self.cleaned_data.get(f"fact{number}")]
        return when_of(self.cleaned_data.get("joiner") or "all", [test for test in tests if test])

    def _test(self, number: int) -> dict | None:
        key, operator = self.cleaned_data[f"fact{number}"], self.cleaned_data[f"op{number}"]
        try:
            value = read_value(self.facts[key], operator, self.cleaned_data.get(f"value{number}", ""))
        except ValidationError as error:
            self.add_error(f"value{number}", error)
            return None
        return {"fact": key, "op": operator, "value": value}

    @property
    def tests(self):
        """Return the rows as triples of bound fields."""
        return [(self[f"fact{n}"], self[f"op{n}"], self[f"value{n}"]) for n in range(MOST_TESTS)]

    def clean(self):
        """Read the condition once, so that its errors are found before anything is saved."""
        cleaned = super().clean()
        cleaned["when"] = self.condition()
        return cleaned
