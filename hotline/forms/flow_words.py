"""The words that a line says for each prompt in one language, in place of those of the house."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname

from accounts.forms import PlainText
from hotline.ivr import Plan
from hotline.ivr.plan import LONGEST_WORDS, keeps_places
from hotline.models import Prompt
from languages import table

FIELD = "words_"
LOST = _("Keep each key and each place in braces as the words of the house have them.")


@dataclass(frozen=True)
class WordsRow:
    """One prompt: what the house says in this language and in the source, and the field of the line's own words."""

    prompt: Prompt
    house: str
    source: str
    field: BoundField


def words_mark(plan: Plan, language: str) -> str:
    """Return a mark of the line's own words in a language: another mark is other words."""
    own = sorted((prompt, text) for prompt, code, text in plan.words if code == language)
    return hashlib.sha256(repr(own).encode()).hexdigest()[:32]


class WordsForm(forms.Form):
    """Own words by prompt, empty where the line says those of the house. `plan` is what was read once it is valid."""

    def __init__(self, *args, plan: Plan, language: str, prompts: list[Prompt], **kwargs):
        super().__init__(*args, **kwargs)
        self.before, self.language, self.prompts = plan, language, prompts
        for prompt in prompts:
            self.fields[FIELD + prompt.key] = PlainText(
                label=self._house(prompt) or prompt.text_en, required=False, max_length=LONGEST_WORDS,
                initial=plan.own_words.get((prompt.key, language), ""),
                widget=forms.Textarea(attrs={"rows": 2, "lang": language, "dir": table.BY_CODE[language].direction}),
            )  # fmt: skip
        seen = words_mark(plan, language)
        self.fields["seen"] = forms.CharField(widget=forms.HiddenInput, required=False, max_length=32, initial=seen)

    def _house(self, prompt: Prompt) -> str:
        return getattr(prompt, build_localized_fieldname("text", self.language)) or ""

    def rows(self) -> Iterator[WordsRow]:
        """Yield the prompts with their fields."""
        for prompt in self.prompts:
            yield WordsRow(prompt, self._house(prompt), prompt.text_en, self[FIELD + prompt.key])

    def clean(self):
        """Refuse words that lose a key or a place to be filled."""
        cleaned = super().clean()
        told = []
        for prompt in self.prompts:
            text = cleaned.get(FIELD + prompt.key, "")
            if text and text != self._house(prompt):
                told.append((prompt.key, self.language, text))
                if not keeps_places(prompt.text_en, text):
                    self.add_error(FIELD + prompt.key, LOST)
        keys = {prompt.key for prompt in self.prompts}
        others = [one for one in self.before.words if one[1] != self.language or one[0] not in keys]
        self.plan = replace(self.before, words=tuple(sorted([*others, *told])))
        return cleaned

    @property
    def is_overtaken(self) -> bool:
        """Tell whether somebody else changed the words of this language since the page was opened."""
        return self.cleaned_data["seen"] != words_mark(self.before, self.language)

    def renewed(self) -> None:
        """Let the next sending count as made with the words as they are now: its sender has been told of them."""
        self.data = self.data.copy()
        self.data["seen"] = words_mark(self.before, self.language)
