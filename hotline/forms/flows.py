"""Forms of a call flow: its plan, and a number that calls may be forwarded to."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import PlainText
from accounts.forms.fields import CHOOSE
from hotline.choices import QUESTIONS, flows
from hotline.forms.line_parts import PLACES, LanguagesPart
from hotline.forms.lines import ITSELF, as_duty_phone, dialled
from hotline.ivr import Plan
from hotline.ivr.plan import SPECIAL_KEYS, WAIT_MINUTES, WAIT_SECONDS
from languages import table
from languages.voices import voices_of

VOICE = "voice_"
DIRECT = (
    "danger_key", "silent_key", "wait_seconds", "wait_minutes", "says_position", "expectation", "takes_messages",
    "calls_back", "asks_wish", "after_hours", "after_hours_number", "nobody", "duty_phone", "other_number", "police_number",
)  # fmt: skip


@dataclass(frozen=True)
class _Menu:
    languages: tuple[tuple[str, str], ...]


def _number(least: int, most: int, name: str) -> forms.IntegerField:
    return forms.IntegerField(label=flows.LABELS[name], min_value=least, max_value=most)


def _one_of(name: str, choices, **kwargs) -> forms.ChoiceField:
    return forms.ChoiceField(label=flows.LABELS[name], choices=choices, **kwargs)


class PlanForm(LanguagesPart):
    """A draft of a line's call flow. `plan` is what was read once it is valid; what is wrong with it is told beside it."""

    def __init__(
        self, *args, plan: Plan, numbers: Iterable[str] = (), own: Iterable[str] = (), seen: str = "", **kwargs
    ):
        super().__init__(*args, **kwargs)
        self.before, self.own = plan, frozenset(own)
        self.add_languages(_Menu(plan.languages))
        self._add_keys()
        self._add_waiting()
        self._add_ways(numbers)
        self._add_voices()
        self.fields["seen"] = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64, initial=seen)

    def _add_keys(self) -> None:
        plan, keys = self.before, [(key, key) for key in SPECIAL_KEYS]
        questions = forms.MultipleChoiceField(
            label=flows.LABELS["questions"], choices=list(QUESTIONS.items()), required=False,
            widget=forms.CheckboxSelectMultiple, initial=list(plan.questions),
        )  # fmt: skip
        self.fields |= {
            "danger_key": _one_of("danger_key", keys, initial=plan.danger_key),
            "silent_key": _one_of("silent_key", [("", flows.NO_KEY), *keys], required=False, initial=plan.silent_key),
            "questions": questions,
        }

    def _add_waiting(self) -> None:
        self.fields |= {
            "wait_seconds": _number(*WAIT_SECONDS, "wait_seconds"),
            "wait_minutes": _number(*WAIT_MINUTES, "wait_minutes"),
            "says_position": forms.BooleanField(label=flows.LABELS["says_position"], required=False),
            "expectation": _one_of("expectation", flows.EXPECTATIONS.items(), required=False),
            "takes_messages": forms.BooleanField(label=flows.LABELS["takes_messages"], required=False),
            "calls_back": forms.BooleanField(label=flows.LABELS["calls_back"], required=False),
            "asks_wish": forms.BooleanField(label=flows.LABELS["asks_wish"], required=False),
        }

    def _add_ways(self, numbers: Iterable[str]) -> None:
        known = sorted({*numbers, self.before.after_hours_number} - {""})
        self.fields |= {
            "after_hours": _one_of("after_hours", flows.AFTER_HOURS.items()),
            "after_hours_number": _one_of(
                "after_hours_number", [CHOOSE, *((one, one) for one in known)], required=False,
                help_text=_("From the list of confirmed numbers."),
            ),
            "nobody": _one_of("nobody", flows.NOBODY.items()),
            **{name: dialled(label=flows.LABELS[name], required=False) for name in ("duty_phone", "other_number", "police_number")},
        }  # fmt: skip
        for name in DIRECT:
            self.fields[name].initial = getattr(self.before, name)

    def _add_voices(self) -> None:
        for code in self.before.codes:
            voices = voices_of(code)
            if len(voices) > 1:
                self.fields[f"{VOICE}{code}"] = forms.ChoiceField(
                    label=table.BY_CODE[code].own, required=False, initial=dict(self.before.voices).get(code, ""),
                    choices=[("", flows.USUAL_VOICE), *((name, f"{name} ({voice.locale})") for name, voice in voices.items())],
                )  # fmt: skip

    def clean_duty_phone(self) -> str:
        """Return the duty phone in E.164, as on the page of the line; a draft may still lack one."""
        typed = self.cleaned_data["duty_phone"]
        return as_duty_phone(typed) if typed else ""

    def clean(self):
        """Refuse a number that leads back to the line, and read the languages; what is wrong between fields is no reason not to keep the draft."""
        cleaned = super().clean()
        for name in ("duty_phone", "other_number"):
            if cleaned.get(name) in self.own:
                self.add_error(name, ITSELF)
        languages = self.clean_languages(cleaned)
        if not self.errors:
            self.plan = self._read(cleaned, languages)
        return cleaned

    def renewed(self, seen: str) -> None:
        """Let the next sending count as made with the draft as it is now: its sender has been told what it says."""
        self.data = self.data.copy()
        self.data["seen"] = seen

    def _read(self, cleaned: dict, languages: str) -> Plan:
        pairs = tuple((pair.partition(":")[0], pair.partition(":")[2]) for pair in languages.split())
        chosen = [one for one in self.before.questions if one in cleaned["questions"]]
        chosen += [one for one in cleaned["questions"] if one not in chosen]
        codes = [code for _key, code in pairs]
        kept = [(code, name) for code, name in self.before.voices if code in codes and f"{VOICE}{code}" not in cleaned]
        named = [(code, cleaned[f"{VOICE}{code}"]) for code in codes if cleaned.get(f"{VOICE}{code}")]
        values = {name: cleaned[name] for name in DIRECT}
        return replace(self.before, languages=pairs, questions=tuple(chosen), voices=(*kept, *named), **values)


def anchor_of(name: str) -> str:
    """Return the id of the field in which a fault of a plan is mended."""
    return {"languages": f"id_language_{PLACES[0]}", "questions": "id_questions_0", "voices": "voices"}.get(
        name, f"id_{name}"
    )


class ForwardNumberForm(forms.Form):
    """A number that calls may be forwarded to, and who answers there."""

    name = PlainText(label=_("Who answers"), max_length=60)
    number = dialled(label=_("Number"))
