"""Forms of a country's triage form: one question in its languages, and a new question."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import PlainText
from accounts.forms.fields import FreeText
from hotline import triage
from hotline.choices import sheet_forms as words
from hotline.queries.sheet_form_awaits import catalogue_words, earlier_words
from hotline.queries.sheet_form_words import hang_words, unanswered_in
from languages import table
from languages.queries import in_language
from languages.text import isolate

MOST = {"label": 60, "ask": 300, "why": 300}
AREAS = {"label": 1, "ask": 3, "why": 3, "choices": 5}
UNREAD = _("Machine draft, awaiting a native reader")


class NewQuestionForm(forms.Form):
    """A question that a country adds: where it stands, and what is answered to it."""

    step = forms.ChoiceField(label=_("Step"), choices=[(step.key, step.title) for step in triage.STEPS])
    kind = forms.ChoiceField(label=_("Answer"), choices=[(kind, words.KINDS[kind]) for kind in triage.OWN_KINDS])


class QuestionForm(forms.Form):
    """The words of one question in each language, and on which answer it is asked. `entry` is what was read, once valid.

    `languages` stand first: those of the country's lines.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args, body: dict, entry: dict, languages: list[str], seen: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.body, self.before = body, entry
        self.fields["seen"].initial = seen
        self.asked = triage.form_from({"questions": [entry]}).questions[0]
        self.house = triage.HOUSE.by_key.get(entry["key"])
        self.has_choices = self.house is None and entry["kind"] in triage.CHOICES
        rest = [row.code for row in table.TABLE if row.code not in languages]
        self.codes = list(dict.fromkeys(["en", *languages, *rest]))
        self.first = {"en", *languages}
        if entry["key"] not in triage.FIXED:
            self._add_when()
        for code in self.codes:
            self._add_words(code)

    def _add_when(self) -> None:
        when = self.before.get("when")
        initial = f"{when['key']}:{when['answers'][0]}" if when and when["answers"] else ""
        self.fields["when"] = forms.ChoiceField(
            label=_("Asked"), required=False, choices=[("", words.ALWAYS), *self._answers()], initial=initial,
            help_text=_("A question that hangs on an answer is shown as soon as that answer is given."),
        )  # fmt: skip

    def _answers(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Return the answers to earlier questions, question by question."""
        form = triage.form_from(self.body)
        place = form.places.get(self.before["key"], len(form.questions))
        return [
            (
                str(one.label),
                [(f"{one.key}:{code}", hang_words(one, code)) for code in triage.answers_to_hang_on(one)],
            )
            for one in form.questions[:place]
            if triage.answers_to_hang_on(one)
        ]

    def _add_words(self, code: str) -> None:
        row, parts = table.BY_CODE[code], ["label", "ask", "why"]
        for part in [*parts, *(["choices"] if self.has_choices else [])]:
            area = forms.TextInput if part == "label" else forms.Textarea
            attrs = {"lang": code, "dir": row.direction} | ({"rows": AREAS[part]} if part != "label" else {})
            kind = PlainText if part == "label" else FreeText
            self.fields[f"{part}_{code}"] = kind(
                label=words.PARTS[part], required=False, max_length=MOST.get(part, 1000), initial=self._initial(part, code),
                widget=area(attrs=attrs), help_text=self._hint(part, code),
            )  # fmt: skip

    def _initial(self, part: str, code: str) -> str:
        if part == "choices":
            return "\n".join(one["label"].get(code, "") for one in self.before.get("choices", ())).strip()
        return self.before[part].get(code, "")

    def _hint(self, part: str, code: str) -> str:
        """Return what was said for an earlier English, and what is said where the field is left empty."""
        if part == "choices":
            earlier = [earlier_words(one.get(triage.EARLIER, {}), code) for one in self.before.get("choices", ())]
            return " ".join([*filter(None, earlier), str(self._hint_of_answers(code))])
        if code == "en" or self.before[part].get(code):
            return ""
        earlier = earlier_words(self.before.get(triage.EARLIER, {}).get(part, {}), code)
        return " ".join(filter(None, [earlier, str(self._hint_of_empty(part, code))]))

    def _hint_of_empty(self, part: str, code: str) -> str:
        spoken = in_language(getattr(self.asked, part), code)
        if not spoken.text:
            return ""
        if spoken.is_fallback:
            told = _("No words yet: said in %(language)s.") % {"language": spoken.own}
        else:
            told = _("Left empty: “%(words)s”") % {"words": isolate(spoken.text)}
        return f"{told} · {UNREAD}" if spoken.is_draft else str(told)

    def _hint_of_answers(self, code: str) -> str:
        if code == "en":
            return _("One answer a line.")
        if unanswered_in(self.before, [code]):
            return _(
                "Some answers have no words here yet: English stands in their place. One answer a line, in the order of the"
                " English ones."
            )
        return _("One answer a line, in the order of the English ones.")

    @property
    def rows(self) -> list[tuple[str, str, bool, list]]:
        """Return each language with its own name, whether it is open at once, and its fields."""
        return [
            (code, table.BY_CODE[code].own, code in self.first, [self[name] for name in self.fields if name.endswith(f"_{code}")])
            for code in self.codes
        ]  # fmt: skip

    def renewed(self) -> None:
        """Let the next sending count as made with the question as it is now: its sender has been told."""
        self.data = self.data.copy()
        self.data["seen"] = self.fields["seen"].initial

    def clean(self):
        """Read the question; what is wrong with the whole form is told beside it and is no reason not to keep it."""
        cleaned = super().clean()
        if self.has_choices and not self.errors:
            for code in triage.uneven_in(self.before.get("choices", []), self._choices(cleaned)):
                self.add_error(f"choices_{code}", _("One answer a line, in the order of the English ones."))
        if not self.errors:
            self.entry = self._read(cleaned)
        return cleaned

    def _choices(self, cleaned: dict) -> dict[str, list[str]]:
        return {code: _lines(cleaned[f"choices_{code}"]) for code in self.codes}

    def _read(self, cleaned: dict) -> dict:
        told = {
            part: {code: text for code in self.codes if (text := cleaned[f"{part}_{code}"].strip())} for part in MOST
        }
        entry = triage.reworded(self.before, self.before | told, self.codes, catalogue_words)
        if "when" in cleaned:
            key, _colon, answer = cleaned["when"].partition(":")
            entry["when"] = {"key": key, "answers": [answer]} if key else None
        if self.has_choices:
            old, lines = self.before.get("choices", []), self._choices(cleaned)
            entry["choices"] = triage.with_choices(old, lines, self.codes, catalogue_words)
        return entry


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
