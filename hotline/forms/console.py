"""Forms of the operator console."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import CHOOSE, FreeText, PlainText
from hotline import triage
from hotline.actions.follow_up import TALK_TOPICS, short_topics
from hotline.actions.messages import PROMISES
from hotline.actions.sheets import NOTE_LENGTH, QUOTES
from hotline.choices import TEXTS, Answer, Channel, Cover, Presence, SafetyReason, Topic, WhoMayAnswer
from hotline.queries.betraying import is_read_by_others
from hotline.queries.dialling import may_promise_call
from hotline.queries.whatsapp import MAX_PARTS, MAX_WHATSAPP, approved, is_templates_only, room_in
from languages import table
from languages.text import BASIC, EXTENDED, GSM_ROOM, WIDE_ROOM, Room
from referral.choices.forms import IS_IT_RIGHT
from referral.queries.questions import REGISTER

SHIFT_CHOICES = [
    (state.value, state.label) for state in (Presence.READY, Presence.BREAK, Presence.DEBRIEF, Presence.OFF)
]
VERSION_LIMIT = 1_000_000


def new_page() -> str:
    """Return a name for a page that is being opened."""
    return uuid.uuid4().hex


class PresenceForm(forms.Form):
    """What the operator is doing now."""

    state = forms.ChoiceField(choices=SHIFT_CHOICES)


class LanguageForm(forms.Form):
    """The language in which the person speaks."""

    language = forms.ChoiceField(label=_("Speaks"), choices=[(row.code, row.own) for row in table.TABLE])


BUTTONS = frozenset({"unknown", "not_asked"})


class ManyAnswers(forms.Field):
    """Every value that a question's form sent under one name."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value):
        """Return the values as a list of short strings; "not known" and "not asked" are buttons and win over a field."""
        values = [str(part)[:40] for part in value or []]
        return [part for part in values if part in BUTTONS][-1:] or values


def _checked(asked: triage.Question, values: list[str]) -> object:
    """Return an answer; refuse one that does not fit its question, and a number above what the fact may be in a case.

    "Not asked" has a button of its own: a field or a list that was left empty is no answer.
    """
    if not any(values):
        raise triage.NotAnAnswer(asked.key)
    value = triage.checked(asked, values)
    if isinstance(value, int) and value > REGISTER[asked.fact].maximum:
        raise triage.NotAnAnswer(asked.key)
    return value


def _is_strange(asked: triage.Question, value: object) -> bool:
    """Tell whether an answer is a number above what is plausible for its fact."""
    if not isinstance(value, int):
        return False
    plausible = REGISTER[asked.fact].plausible
    return plausible is not None and value > plausible


def _what_fits(asked: triage.Question) -> str:
    """Return what may be answered to a question: the limits of a number, or one of the answers shown."""
    if asked.kind != triage.NUMBER:
        return _("Choose one of the answers shown.")
    most = REGISTER[asked.fact].maximum
    return gettext("Write a whole number from 0 to %(most)s, or choose “Not known”.") % {"most": most}


GONE = _("This question is no longer on the sheet. Reload the page.")


class AnswerForm(forms.Form):
    """One answer of the sheet, with the version of the sheet that the person saw."""

    question = forms.CharField(max_length=30)
    version = forms.IntegerField(min_value=0, max_value=VERSION_LIMIT)
    answer = ManyAnswers(required=False)
    sure = forms.CharField(max_length=40, required=False)  # the number that was asked back, or that is kept already
    asked_back = ""

    def __init__(self, *args, form: triage.Form, **kwargs):
        super().__init__(*args, **kwargs)
        self.form = form

    def clean_question(self):
        """Refuse a question that is not on the sheet."""
        key = self.cleaned_data["question"]
        if key not in self.form.by_key:
            raise ValidationError(GONE)
        return key

    def clean(self):
        """Refuse an answer that does not fit its question; ask once whether a number is right that hardly can be."""
        data = super().clean()
        if "question" in data:
            asked = self.form.by_key[data["question"]]
            try:
                value = _checked(asked, data.get("answer", []))
            except triage.NotAnAnswer as error:
                raise ValidationError(_what_fits(asked)) from error
            if _is_strange(asked, value) and data.get("sure") != str(value):
                self.asked_back = str(value)
                raise ValidationError(IS_IT_RIGHT, params={"number": value})
        return data


class NoteForm(forms.Form):
    """The free note: short, in the operator's own words, no quotations."""

    note = FreeText(
        label=_("Note, no quotations"),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "data-count": "note-count"}),
    )
    version = forms.IntegerField(min_value=0, max_value=VERSION_LIMIT, widget=forms.HiddenInput)
    page = forms.RegexField("^[0-9a-f]{32}$", required=False, initial=new_page, widget=forms.HiddenInput)

    def renewed(self, version: int) -> None:
        """Let the next sending count as made with the note as it is now: its writer has been shown the other one."""
        self.data = self.data.copy()
        self.data["version"] = version

    def clean_note(self):
        """Refuse quotations."""
        text = self.cleaned_data["note"].replace("\r\n", "\n")
        if any(mark in text for mark in QUOTES):
            raise ValidationError(
                _(
                    "Write what happened in your own words, without quotation marks: quoted words can be used against the person."
                )
            )
        return text


class SafetyForm(forms.Form):
    """What is safe for this person. Nothing chosen means no."""

    may_call = forms.ChoiceField(label=_("May we call?"), choices=Answer, widget=forms.RadioSelect)
    may_text = forms.ChoiceField(label=_("May we send a text message?"), choices=Answer, widget=forms.RadioSelect)
    may_voicemail = forms.ChoiceField(label=_("May we leave a voicemail?"), choices=Answer, widget=forms.RadioSelect)
    shared_phone = forms.ChoiceField(
        label=_("Does somebody else use this phone too?"), choices=Answer, widget=forms.RadioSelect
    )
    is_told = forms.BooleanField(
        label=SafetyReason.TOLD.label, required=False,
        help_text=_("Tick this when you asked again and the answers are the same."),
    )  # fmt: skip
    who_may_answer = forms.ChoiceField(
        label=_("Who may pick up?"), choices=[("", _("Not asked")), *WhoMayAnswer.choices], required=False
    )
    safe_from = forms.TimeField(
        label=_("Safe from"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    safe_until = forms.TimeField(
        label=_("Safe until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("In the time of this country. It may run over midnight."),
    )  # fmt: skip
    cover = forms.ChoiceField(
        label=_("What we say we are when somebody else picks up"),
        choices=[("", _("Not agreed")), *Cover.choices],
        required=False,
    )
    code_word = PlainText(
        label=_("New code word"), max_length=40, required=False,
        help_text=_("Kept sealed. Leave empty to keep the word that is set."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    because = forms.ChoiceField(
        label=_("Why you change what the person said before"),
        choices=[CHOOSE, *SafetyReason.choices],
        required=False,
    )
    forget_code_word = forms.BooleanField(label=_("Take the code word away"), required=False)
    version = forms.CharField(max_length=32, required=False, widget=forms.HiddenInput)

    def clean(self):
        """Refuse half a window and an empty one."""
        data = super().clean()
        first, last = data.get("safe_from"), data.get("safe_until")
        if (first is None) != (last is None):
            self.add_error("safe_until", _("Give both times, or none."))
        elif first is not None and first == last:
            self.add_error("safe_until", _("The two times are the same. Choose a later end."))
        return data

    def shown(self, name: str, value: object) -> str:
        """Return a value of a field in the words that the form has for it."""
        words = dict(getattr(self.fields[name], "choices", ()))
        return str(words.get(value, f"{value:%H:%M}" if isinstance(value, dt.time) else value or "–"))

    def renewed(self, version: str) -> None:
        """Let the next sending count as made with the state as it is now: its sender has been told what changed."""
        self.data = self.data.copy()
        self.data["version"] = version

    def refuse_more(self, columns: Iterable[str], words: str) -> None:
        """Say at each field that would let more happen that it may not be by this person's word; of hours, at the end that was changed."""
        ends = [name for name in ("safe_from", "safe_until") if name in self.changed_data] or ["safe_until"]
        for name in columns:
            for field in ends if name == "hours" else [name]:
                self.add_error(field, words)

    @property
    def answers(self) -> dict[str, str]:
        """Return the four answers, for the action."""
        return {key: self.cleaned_data[key] for key in ("may_call", "may_text", "may_voicemail", "shared_phone")}

    @property
    def new_code_word(self) -> str | None:
        """Return the word to seal, "" to take it away, None to leave it."""
        if self.cleaned_data["forget_code_word"]:
            return ""
        return self.cleaned_data["code_word"] or None


# The letter of each answer of the wrap-up: none that the console has by then. Each asks once, so a key that was meant for
# a call that ends just now does not answer.
TOPIC_KEYS = {
    Topic.CONCERN: "o", Topic.CRISIS: "t", Topic.INFORMATION: "i", Topic.REFERRAL: "l", Topic.PROFESSIONAL: "p",
    Topic.SILENT: "q", Topic.HANG_UP: "g", Topic.WRONG_NUMBER: "z", Topic.BLANK: "v", Topic.HOAX: "j",
    Topic.ABUSIVE: "a",
}  # fmt: skip

# The letters that an operator has in a call, for the telephone, who else comes in, and the questions by keys.
CALL_KEYS = frozenset("heyjigklmptv")
# The answers that close a sheet by such a letter: whoever pressed it for the call that is over by now meant no answer.
MEANT_FOR_A_CALL = frozenset(topic for topic, key in TOPIC_KEYS.items() if key in CALL_KEYS)


def with_keys(topics: Iterable[Topic]) -> list[tuple[Topic, str]]:
    """Return topics, each with its letter."""
    return [(topic, TOPIC_KEYS[topic]) for topic in topics]


class WrapUpForm(forms.Form):
    """What a contact was about; one click each. `after`: what happens now, where a call was cut in danger."""

    topic = forms.ChoiceField()
    after = forms.CharField(required=False, max_length=14)

    def __init__(self, *args, kind: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["topic"].choices = [(topic.value, topic.label) for topic in (*TALK_TOPICS, *short_topics(kind))]


NO_CALL = _("These words say that we will call, and the safety state does not say that we may call this person.")


OVER = _(
    "The last message of this person is older than 24 hours: WhatsApp lets only approved ready-made words through."
)


READ_BY_OTHERS = _(
    "Somebody else may read what comes to this phone: only ready-made words can be sent. If the person told you that nobody else uses it, change the safety state."
)


def _as_sent(text: str) -> str:
    return text.replace("\r\n", "\n")


# What the counter of a text says, here and in the script (letters.js), which counts by these and nothing else.
ROOM_LEFT = _("Text messages: %(parts)s of %(most)s. Letters left: %(left)s.")
TOO_LONG = _("Too long by %(what)s characters.")
BY_PARTS = {
    "data-parts": MAX_PARTS, "data-basic": BASIC, "data-double": EXTENDED,
    "data-gsm": "{} {}".format(*GSM_ROOM), "data-wide": "{} {}".format(*WIDE_ROOM), "data-words": ROOM_LEFT,
}  # fmt: skip


class TextForm(forms.Form):
    """An answer by text message: ready-made neutral words, or own words that keep to the same rule."""

    ready = forms.ChoiceField(
        label=_("Ready-made words"), choices=[("", _("Own words")), *TEXTS.items()], required=False
    )
    text = FreeText(
        label=_("Own words"), required=False,
        widget=forms.Textarea(attrs={"rows": 3, "data-count": "text-count", "data-over": TOO_LONG}),
        help_text=_("Somebody else may read it: no name, no place, no word that says what the line is for."),
    )  # fmt: skip

    read_by_others = READ_BY_OTHERS

    def __init__(self, *args, line=None, contact=None, at=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.channel = contact.channel if contact is not None else Channel.SMS
        counted = {"data-most": MAX_WHATSAPP} if self.channel == Channel.WHATSAPP else BY_PARTS
        self.fields["text"].widget.attrs |= counted
        number = line.number if line else ""
        self.only_approved = contact is not None and is_templates_only(contact, at)
        self.only_ready = contact is not None and is_read_by_others(contact)
        barred = PROMISES if contact is not None and not may_promise_call(contact, at) else ()
        ready = [(key, words % {"number": number}) for key, words in TEXTS.items() if key not in barred]
        if self.only_approved:
            ready = [(key, words) for key, words in ready if key in approved(contact)]
        self.fields["ready"].choices = [
            CHOOSE if self.only_approved or self.only_ready else ("", _("Own words")),
            *ready,
        ]
        if self.is_bound and self.data.get("ready") in barred:
            self.fields["ready"].error_messages["invalid_choice"] = NO_CALL

    @property
    def room(self) -> Room:
        """Return the room that is left in what stands in the field, counted as it would leave."""
        return room_in(_as_sent(self.fields["text"].to_python(self["text"].value() or "")), self.channel)

    @property
    def room_words(self) -> str:
        """Return what the counter says of it."""
        parts, left = self.room.parts, self.room.left
        if left < 0:
            return TOO_LONG % {"what": -left}
        if self.channel == Channel.WHATSAPP:
            return f"{MAX_WHATSAPP - left} / {MAX_WHATSAPP}"
        return ROOM_LEFT % {"parts": parts, "most": MAX_PARTS, "left": left}

    def clean_text(self):
        """Return the text with one sign for the end of a line: a form sends two, and each would cost."""
        return _as_sent(self.cleaned_data["text"])

    def clean(self):
        """Ask for one of the two, and refuse what is too long for its channel."""
        data = super().clean()
        ready, text = data.get("ready"), data.get("text")
        if bool(ready) == bool(text) and not self.errors:
            raise ValidationError(_("Choose ready-made words, or write your own: one of the two."))
        if text and self.only_approved:
            self.add_error("text", OVER)
        elif text and self.only_ready:
            self.add_error("text", READ_BY_OTHERS)
        if text and self.room.left < 0:
            is_whole = self.channel == Channel.WHATSAPP
            self.add_error(
                "text", self.room_words if is_whole else _("This is longer than two text messages. Make it shorter.")
            )
        return data
