"""Forms of a line: what it is and when it is open, a day that differs, a recording of a prompt."""

import datetime as dt
import re

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.forms import PlainText
from hotline import sounds
from hotline.callers import answered_as, e164
from hotline.choices import SOUND_FAULTS
from hotline.forms.line_parts import HoursPart, LanguagesPart, Week
from hotline.models import Line
from hotline.telephony.providers import SIMULATED_ACCOUNT, is_simulated, webhook_secrets
from languages.text import isolate

DIALLED = re.compile(r"\+?[0-9]{2,15}")
NO_NUMBER = _("Write digits without spaces, with + before a country code, for example 116 or +231770123456.")
CHANGED_DAYS = _(
    "Somebody else changed the days of this line meanwhile. Nothing was saved. Read the list, then send yours again."
)
MOST_NUMBERS = 6
MOST_FILES, MOST_MEGABYTES = 20, 10  # deploy/nginx.conf.example lets more come in, so that the form can say so
FACTS = (
    "name", "number", "is_free", "duty_phone", "other_number", "police_number", "sender", "wait_minutes",
    "says_position", "opens_on_holidays", "is_practice", "account",
)  # fmt: skip


ITSELF = _("This is the line itself: callers would go round in a circle.")


def dialled(**kwargs) -> PlainText:
    """Return a field of a telephone number as people dial it."""
    attrs = {"inputmode": "tel", "autocomplete": "off", "dir": "ltr"}
    return PlainText(
        max_length=20, validators=[RegexValidator(DIALLED.pattern + r"\Z", NO_NUMBER)],
        widget=forms.TextInput(attrs=attrs), **kwargs,
    )  # fmt: skip


def as_duty_phone(typed: str) -> str:
    """Return a number in E.164; raise ValidationError for what could not be dialled when all else is down."""
    number = e164(typed) if typed.startswith("+") else ""
    if not number:
        raise ValidationError(
            _("“%(number)s” cannot be dialled. Write + and the country code, for example +231770123456."),
            params={"number": isolate(typed)},
        )
    return number


def own_numbers(numbers: str, sender: str) -> frozenset[str]:
    """Return the numbers at which a line is called or written to, given its numbers and its sender."""
    return frozenset(numbers.split()) | frozenset(answered_as(sender))


class LineForm(LanguagesPart, HoursPart):
    """One line. `facts` and `week` are what was read from it once it is valid."""

    name = PlainText(
        label=_("Name"), max_length=60, help_text=_("Neutral: a telephone bill may show it. Callers do not hear it.")
    )
    number = dialled(label=_("Number as people dial it"))
    numbers = PlainText(
        label=_("Numbers it answers"), max_length=120, widget=forms.TextInput(attrs={"dir": "ltr"}),
        help_text=_("Each way in which the network writes the number, separated by spaces, for example 2883 +2312883."),
    )  # fmt: skip
    is_free = forms.BooleanField(
        label=_("Free to call"), required=False,
        help_text=_("The greeting and the public pages say that the call is free only when this is on."),
    )  # fmt: skip
    duty_phone = PlainText(
        label=_("Duty phone"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel", "dir": "ltr"}),
        help_text=_("Rings when nobody else can answer and when this system fails. With + and country code."),
    )  # fmt: skip
    other_number = dialled(label=_("Other number named at the end"), required=False)
    police_number = dialled(label=_("Local police number"), required=False)
    sender = PlainText(
        label=_("Sender of text messages"), max_length=20, required=False,
        validators=[
            RegexValidator(
                r"^(\+?[0-9 ]{2,19}|[A-Za-z0-9 ]{1,11})\Z", _("Write a number, or up to 11 Latin letters and digits.")
            )
        ],
        help_text=_(
            "A number, or a neutral word of up to 11 letters. A number belongs to this line alone: answers, STOP and calls"
            " to it arrive here. Nobody can answer a word. Left empty, texts come from the number of the line."
        ),
    )  # fmt: skip
    wait_minutes = forms.IntegerField(
        label=_("Longest wait in minutes"), min_value=1, max_value=60,
        help_text=_("After that the duty phone rings, then the caller may leave a message."),
    )  # fmt: skip
    says_position = forms.BooleanField(label=_("Says the place in the queue"), required=False)
    opens_on_holidays = forms.BooleanField(label=_("Open on the holidays of the country"), required=False)
    is_practice = forms.BooleanField(
        label=_("Practice line"), required=False,
        help_text=_("Its calls stay out of the figures of lines for callers. Off: people in need call it, and every prompt must be heard."),
    )  # fmt: skip
    account = forms.ChoiceField(
        label=_("Account at the telephone provider"), help_text=_("Accounts are named in the settings of the server.")
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, line: Line, week: Week, **kwargs):
        known = {name: getattr(line, name) for name in (*FACTS, "numbers", "version")}
        super().__init__(*args, **kwargs | {"initial": known})
        self.line = line
        named = [*webhook_secrets().tokens, *([SIMULATED_ACCOUNT] if is_simulated(SIMULATED_ACCOUNT) else [])]
        accounts = dict.fromkeys([*named, line.account])
        self.fields["account"].choices = [(sid, sid) for sid in accounts]
        self.add_languages(line)
        self.add_hours(line, week)
        self.facts: dict[str, object] = {}
        self.week: Week = {}

    def clean_numbers(self) -> str:
        """Return the numbers, each once; refuse what no network writes."""
        numbers = list(dict.fromkeys(self.cleaned_data["numbers"].split()))
        if wrong := [number for number in numbers if not DIALLED.fullmatch(number)]:
            raise ValidationError(
                _("“%(number)s” is no number: digits, with + where it has one."), params={"number": isolate(wrong[0])}
            )
        if len(numbers) > MOST_NUMBERS:
            raise ValidationError(_("Write at most %(count)s numbers."), params={"count": MOST_NUMBERS})
        return " ".join(numbers)

    def clean_duty_phone(self) -> str:
        """Return the duty phone in E.164; refuse what could not be dialled when all else is down."""
        return as_duty_phone(self.cleaned_data["duty_phone"])

    def clean_sender(self) -> str:
        """Return the sender: a word as it is, a number as the numbers of a line are written."""
        sender = self.cleaned_data["sender"]
        if not sender or re.search("[A-Za-z]", sender):
            return sender
        number = sender.replace(" ", "")
        if not DIALLED.fullmatch(number):
            raise ValidationError(NO_NUMBER)
        return number

    def clean(self):
        """Judge what belongs together: numbers, account and mode, languages and keys, hours."""
        cleaned = super().clean()
        self._check_numbers(cleaned)
        self._check_account(cleaned)
        keys, self.week = self.clean_languages(cleaned), self.clean_week(cleaned)
        self.facts = {name: cleaned.get(name) for name in (*FACTS, "numbers")} | {"language_keys": keys}
        return cleaned

    def _check_numbers(self, cleaned: dict) -> None:
        own = set(cleaned.get("numbers", "").split())
        if own and cleaned.get("number") and cleaned["number"] not in own:
            self.add_error("numbers", _("The number that people dial must be one of these."))
        own |= own_numbers("", cleaned.get("sender", ""))
        for name in ("duty_phone", "other_number"):
            if cleaned.get(name) and cleaned[name] in own:
                self.add_error(name, ITSELF)
        if not (cleaned.get("other_number", "-") or cleaned.get("is_practice")):
            self.add_error("other_number", _("A line that people call names another number at the end. Write one."))

    def _check_account(self, cleaned: dict) -> None:
        account = cleaned.get("account", "")
        is_real = account in webhook_secrets().tokens and account != SIMULATED_ACCOUNT
        if account and not cleaned.get("is_practice") and not is_real:
            self.add_error(
                "account",
                _(
                    "No real call can come in through this account: the server needs its secret. Keep it a practice line."
                ),
            )

    def refuse_sender(self, number: str) -> None:
        """Say that answers to this sender would reach another line, and what to write instead."""
        words = _(
            "%(number)s belongs to another line: answers and STOP would arrive there. Write a number of this line, or a"
            " neutral word, or leave it empty."
        )
        self.add_error("sender", words % {"number": number})

    def renewed(self, line: Line) -> None:
        """Let the next sending count as made with the line as it is now: its sender has been told what changed."""
        self.data = self.data.copy()
        self.data["version"] = str(line.version)


class DayForm(forms.Form):
    """A day on which the line is closed or open at other hours."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    opens = forms.TimeField(
        label=_("Opens at"), required=False, widget=forms.TimeInput(attrs={"type": "time"}),
        help_text=_("Without times the line is closed all day."),
    )  # fmt: skip
    closes = forms.TimeField(label=_("Closes at"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    note = PlainText(label=_("Why"), max_length=100, required=False)
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_day(self) -> dt.date:
        """Refuse a day that is over, and one that is far away."""
        day, today = self.cleaned_data["day"], timezone.localdate()
        if not today <= day <= today + dt.timedelta(days=731):
            raise ValidationError(_("Choose a day from today to two years ahead."))
        return day

    def clean(self):
        """Refuse half a pair of times, and hours that end before they begin."""
        cleaned = super().clean()
        opens, closes = cleaned.get("opens"), cleaned.get("closes")
        if (opens is None) != (closes is None) and not self.errors:
            self.add_error("opens", _("Write both times, or neither."))
        elif opens is not None and closes is not None and closes <= opens and closes != dt.time(0):
            self.add_error("closes", _("This ends before it begins."))
        return cleaned

    def refuse(self, version: str) -> None:
        """Say that the days changed meanwhile; the next sending counts as made with the days as they are now."""
        self.add_error(None, CHANGED_DAYS)
        self.data = self.data.copy()
        self.data["version"] = version

    @property
    def spans(self) -> list[tuple[dt.time, dt.time]]:
        """Return the hours of the day; none when the line is closed."""
        opens, closes = self.cleaned_data["opens"], self.cleaned_data["closes"]
        return [] if opens is None else [(opens, closes)]


class SeenForm(forms.Form):
    """What a sender had before her eyes: the instant at which her page was made."""

    seen_at = forms.FloatField(required=False, min_value=0, max_value=4e9, widget=forms.HiddenInput)

    @property
    def seen(self) -> dt.datetime | None:
        """Return that instant; None for a page that did not say it."""
        since = self.cleaned_data["seen_at"]
        return None if since is None else dt.datetime.fromtimestamp(since, dt.UTC)


class RecordingForm(SeenForm):
    """A recording of one prompt, and who speaks in it."""

    file = forms.FileField(
        label=_("Sound file"), allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "audio/wav,audio/mpeg,.wav,.mp3"}),
        error_messages={"required": _("Choose a file.")},
    )  # fmt: skip
    speaker = PlainText(
        label=_("Who speaks"), max_length=40, error_messages={"required": _("Write who speaks in the recording.")}
    )

    def clean_file(self):
        """Read the file; a larger one than could be kept is refused unread."""
        file = self.cleaned_data["file"]
        if file.size > sounds.MOST_BYTES:
            raise ValidationError(SOUND_FAULTS["large"])
        return file.read()

    def clean(self):
        """Judge the sound as well where something else is refused, so that its sender reads every reason at once."""
        cleaned = super().clean()
        if self.errors and "file" in cleaned:
            try:
                sounds.read(cleaned["file"])
            except sounds.SoundRefused as error:
                self.add_error("file", SOUND_FAULTS[error.code] % error.values)
        return cleaned


class _Files(forms.FileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """Several files; each is judged where it is kept, so that one bad file does not stop the others."""

    def clean(self, data, initial=None):
        """Return the files as a list; too many or too large together are refused before one of them is read."""
        if not data:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(data) > MOST_FILES or sum(file.size for file in data) > MOST_MEGABYTES * 1_000_000:
            limits = {"count": MOST_FILES, "megabytes": MOST_MEGABYTES}
            raise ValidationError(
                _("At most %(count)s files and %(megabytes)s MB at once. Choose fewer, then send the rest."),
                params=limits,
            )
        return list(data)


class RecordingsForm(SeenForm):
    """Recordings of several prompts, each file named after its prompt, and who speaks in them."""

    files = _FilesField(
        label=_("Sound files"), widget=_Files(attrs={"accept": "audio/wav,audio/mpeg,.wav,.mp3"}),
        help_text=format_lazy(
            _("Each named after its prompt, for example greeting.wav; up to {count} at once, together up to {megabytes} MB."),
            count=MOST_FILES, megabytes=MOST_MEGABYTES,
        ),
        error_messages={"required": _("Choose a file.")},
    )  # fmt: skip
    speaker = PlainText(
        label=_("Who speaks"), max_length=40, error_messages={"required": _("Write who speaks in the recording.")}
    )
