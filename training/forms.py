"""What comes in by form: signed tokens, answers, filters."""

import datetime as dt
import hashlib
import json

from django import forms
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from accounts import rules
from accounts.forms import ListForm
from accounts.forms.fields import Day, FreeText, PlainText, refuse_far_days
from accounts.models import Country
from accounts.queries.clocks import day_in
from accounts.queries.marks import mark
from languages.revisions import OVERTAKEN, Change, SourceForm, SourcePageForm
from languages.text import OddText, check_input, listed
from training import actions, credentials, grading, media, progress, queries, question_files, scenarios
from training.blocks import PRACTICE_ONLY
from training.choices import (
    MEDIA_FAULTS,
    MEDIA_TAKEN,
    SCENARIO_FAULTS,
    WAY_TO_FAULT,
    ChangeReason,
    Form,
    Objective,
    Track,
    WithdrawalReason,
)
from training.models import Blueprint, Clip, Course
from training.queries.readiness import LAPSING, NOBODY
from training.question_words import FILE_FAULTS, FileFormat

SALT, TEST_SALT = "training.lesson", "training.test"
MAX_AGE = 14 * 24 * 3600
LARGEST_KEPT = 2 * 1024 * 1024


def sign(place: dict) -> str:
    """Return the hidden token of a form: what it is about and whose it is."""
    return signing.dumps(place, salt=SALT, compress=True)


def sign_test(person, attempt) -> str:
    """Return the hidden token of a test: whose it is, so that it can wait for her when her session is over."""
    return signing.dumps({"who": str(person), "attempt": str(attempt)}, salt=TEST_SALT)


def owner_of_test(data, attempt) -> str:
    """Return whom the token of a test names; "" for a token that is not ours, too old, or of another test."""
    try:
        told = signing.loads(data.get("token", "")[:2000], salt=TEST_SALT, max_age=MAX_AGE)
    except signing.BadSignature:
        return ""
    return told["who"] if told["attempt"] == str(attempt) else ""


class TokenForm(forms.Form):
    """A post of a lesson's page; the token says which question or end it is about."""

    token = forms.CharField(max_length=2000, widget=forms.HiddenInput)

    def clean_token(self) -> dict:
        """Return what the token says, or refuse a token that is not ours or too old."""
        try:
            return signing.loads(self.cleaned_data["token"], salt=SALT, max_age=MAX_AGE)
        except signing.BadSignature as error:
            raise forms.ValidationError(_("This page was open too long. Open the lesson again.")) from error


def response_of(item: grading.Item, data, prefix: str = ""):
    """Return the response to an item from posted fields; what is left open is empty."""
    name = f"{prefix}r"
    if item.kind == "multiple":
        return data.getlist(name)
    if item.kind == "match":
        pairs = [[left, data.get(f"{name}-{left}", "")] for left in item.options]
        return pairs if any(right for _left, right in pairs) else []
    if item.kind == "order":
        return _order(item, {step: data.get(f"{name}-{step}", "") for step in item.options})
    return data.get(name, "").strip()


def _order(item: grading.Item, places: dict[str, str]) -> list[str]:
    """Return the steps in the order a person gave; nothing when a place is missing or given twice."""
    if sorted(places.values()) != sorted(str(number) for number in range(1, len(item.options) + 1)):
        return []
    return sorted(places, key=lambda step: int(places[step]))


def sound_response(item: grading.Item, data, prefix: str = ""):
    """Return the response to an item, or nothing when what came does not fit it or holds odd characters."""
    response = response_of(item, data, prefix)
    return None if _has_odd_text(response) or not grading.fits(item, response) else response


def _has_odd_text(response) -> bool:
    """Tell whether a typed response holds characters that no keyboard makes on purpose."""
    if not isinstance(response, str):
        return False
    try:
        check_input(response)
    except OddText:
        return True
    return False


class KeptFileForm(forms.Form):
    """A file of answers from a phone."""

    file = forms.FileField(
        label=_("File from the phone"),
        help_text=_("The learner takes it out on the page “On this phone”. It holds no name. At most 2 MB."),
    )

    def clean_file(self) -> actions.KeptFile:
        """Return what the file holds, or say what is wrong with it."""
        sent = self.cleaned_data["file"]
        if sent.size > LARGEST_KEPT:
            raise forms.ValidationError(_("This file is larger than 2 MB: it is no file of answers."))
        try:
            return actions.read_kept(sent.read())
        except actions.BadFile as error:
            raise forms.ValidationError(str(error)) from error


class StartForm(forms.Form):
    """Which test of a course is begun; the one after the course where nothing is said."""

    form = forms.TypedChoiceField(choices=Form, coerce=int, required=False, empty_value=int(Form.POST))


class TrackForm(forms.Form):
    """For which group of readers somebody takes a course."""

    track = forms.ChoiceField()

    def __init__(self, *args, course: Course, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["track"].choices = [(track, track) for track in course.tracks]


class ReportFilter(forms.Form):
    """Filters that the reports share: a country, a course."""

    country = forms.ModelChoiceField(
        label=_("Country"), queryset=Country.objects.none(), required=False, empty_label=_("All countries")
    )
    course = forms.ChoiceField(label=_("Course"), required=False)

    def __init__(self, *args, countries, courses, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].queryset = countries
        self.fields["course"].choices = [("", _("All courses")), *courses]


class CompletionFilter(ReportFilter):
    """Filters of the completion report."""

    months = forms.ChoiceField(
        label=_("Period"),
        required=False,
        choices=[
            ("", _("From the beginning")),
            ("3", _("Last 3 months")),
            ("6", _("Last 6 months")),
            ("12", _("Last 12 months")),
        ],
    )
    group = forms.ChoiceField(
        label=_("Group by"), required=False, choices=[("office", _("Office")), ("country", _("Country"))]
    )


class CourseReportFilter(ReportFilter):
    """Filters of a report on one course: the first, where none is chosen."""

    def __init__(self, *args, courses, **kwargs):
        super().__init__(*args, courses=courses, **kwargs)
        self.fields["course"].choices = courses


class ReadinessFilter(ReportFilter):
    """Filters of the report on readiness: also a day that is past, and which offices are looked for."""

    day = Day(label=_("As it was on"), required=False, help_text=_("Empty means now."))
    show = forms.ChoiceField(
        label=_("Offices"),
        required=False,
        choices=[
            ("", _("All offices")),
            (NOBODY, _("Nobody is current")),
            (LAPSING, _("Somebody lapses within 90 days")),
        ],
    )

    def clean_day(self):
        """Return the day; one that has not come cannot be told."""
        day = self.cleaned_data["day"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet. Choose today or an earlier one."))
        return day


class OverlayForm(WagtailAdminModelForm):
    """A country entry; a manager writes for her own country only, and nobody over another's words unawares.

    An entry has no revisions: the form carries a digest of what it showed.
    """

    shown = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.stored = "" if self.instance.pk is None else _digest(self.instance)
        self.theirs = {name: getattr(self.instance, name) for name in WORDS}
        self.initial["shown"] = self.stored
        for name in ("checked_at", "review_at"):
            self.fields[name].validators.append(refuse_far_days)
        if not (self.for_user.is_superuser or rules.is_administrator(self.for_user, None)):
            self.fields["country"].queryset = Country.objects.filter(pk=self.for_user.country_id)

    def clean(self):
        """Refuse days that cannot be, and a second entry where one stands."""
        cleaned = super().clean()
        checked, review = cleaned.get("checked_at"), cleaned.get("review_at")
        if checked and checked > _today(cleaned.get("country")):
            self.add_error("checked_at", _("This day has not come yet. Enter the day on which the text was checked."))
        if cleaned.get("confirmed") and not checked and "checked_at" not in self.errors:
            self.add_error("checked_at", _("Enter the day on which the text was confirmed, or leave it unconfirmed."))
        if checked and review and review <= checked:
            self.add_error("review_at", _("Enter a day after the one on which the text was checked."))
        if self._stands_already(cleaned):
            self.add_error("slot", _("There is an entry for this already, for every curriculum. Change that one."))
        return cleaned

    def _stands_already(self, cleaned) -> bool:
        """Tell whether another entry says this for every curriculum; the one of a curriculum is told apart by Django."""
        country, slot = cleaned.get("country"), cleaned.get("slot")
        if not (country and slot) or cleaned.get("curriculum"):
            return False
        same = type(self.instance).objects.filter(country=country, slot=slot, curriculum=None)
        return same.exclude(pk=self.instance.pk).exists()

    def _post_clean(self):
        """Send the form back when the entry was saved since it was shown; sent once more, it replaces what is there.

        The same form twice says what is stored already: that replaces nothing.
        """
        super()._post_clean()
        shown = self.data.get(self.add_prefix("shown"))
        if shown and shown != self.stored and _digest(self.instance) != self.stored:
            self.add_error(None, forms.ValidationError(OVERTAKEN))
            for name, text in self.theirs.items():
                if name in self.changed_data:
                    self.add_error(
                        name, forms.ValidationError(_("Stands there now: %(text)s"), params={"text": text or "–"})
                    )
            self.data = self.data.copy()
            self.data[self.add_prefix("shown")] = self.stored


def _today(country) -> dt.date:
    """Return the day that it is in a country; by UTC where none is chosen."""
    return day_in(country, timezone.now()) if country else timezone.localdate()


class ClipForm(WagtailAdminModelForm):
    """A sound or film: its file is judged by what is in it, kept without notes, and stays as it is.

    Its name has no revisions: the form bears a mark of what it showed.
    """

    shown = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    class Meta:
        model = Clip
        fields = ("title", "language", "file")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.media_kept = None
        self.stored = mark(self.instance.title, self.instance.language) if self.instance.pk else ""
        self.initial["shown"], file = self.stored, self.fields["file"]
        file.widget, file.help_text = forms.FileInput(attrs={"accept": ".mp3,.m4a,.wav,.mp4"}), MEDIA_TAKEN
        if self.instance.pk:
            file.disabled, told = True, _("%(ending)s, %(size)s. A file stays as it is: for another one, add anew.")
            file.help_text = told % {
                "ending": self.instance.ending.upper(),
                "size": filesizeformat(self.instance.size),
            }

    def clean_file(self):
        """Return the file without notes when it is one that phones play; it is read only when it is small enough."""
        file = self.cleaned_data["file"]
        if not isinstance(file, UploadedFile):
            return file
        if file.size > media.MOST:
            raise forms.ValidationError(MEDIA_FAULTS["large"])
        try:
            self.media_kept = found = media.bare(file.read())
        except media.MediaRefused as fault:
            raise forms.ValidationError(MEDIA_FAULTS[fault.code]) from fault
        return SimpleUploadedFile(f"clip.{found.ending}", found.content, found.content_type)

    def _post_clean(self):
        """Note what the file is; send the form back when somebody else changed the name since it was shown."""
        super()._post_clean()
        if found := self.media_kept:
            self.instance.kind, self.instance.content_type = found.kind, found.content_type
            self.instance.size, self.instance.sha256 = (
                len(found.content),
                hashlib.sha256(found.content).hexdigest(),
            )
        shown = self.data.get(self.add_prefix("shown"))
        if shown and shown != self.stored and mark(self.instance.title, self.instance.language) != self.stored:
            self.add_error(None, forms.ValidationError(OVERTAKEN))
            self.data = self.data.copy()
            self.data[self.add_prefix("shown")] = self.stored


class OutlineForm(forms.Form):
    """One move in the outline of a course: a part one place up or down, into another module, or to a place."""

    part = forms.IntegerField(min_value=1, max_value=2**31 - 1)
    act = forms.ChoiceField(choices=[(act, act) for act in ("up", "down", "into", "place")])
    into = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    place = forms.IntegerField(required=False, min_value=0, max_value=1000)
    seen = forms.CharField(max_length=32)

    def __init__(self, *args, outline: queries.CourseOutline, **kwargs):
        super().__init__(*args, **kwargs)
        self.outline = outline

    def clean(self):
        """Refuse a part that the course does not have, and a lesson that goes nowhere."""
        cleaned = super().clean()
        part, act = cleaned.get("part"), cleaned.get("act")
        self.thing = part and (self.outline.module(part) or self.outline.lesson(part))
        if not self.thing or (act == "into" and not cleaned.get("into")):
            raise forms.ValidationError(_("Choose a part of the course, and where it goes."))
        return cleaned

    @property
    def name(self) -> str:
        """Return what the moved part is called."""
        return self.thing.heading

    @property
    def goal(self) -> dict[str, int]:
        """Return the part, the module into which it goes (0: where it is) and its place, as the action takes them."""
        part, act, into = self.thing.pk, self.cleaned_data["act"], self.cleaned_data["into"] or 0
        if act == "place":
            return {"part": part, "into": into, "place": self.cleaned_data["place"] or 0}
        if act == "into":
            return {"part": part, "into": into, "place": 1000}
        home = self.outline.module_of(part)
        row = [one.pk for one in (home.lessons if home else self.outline.modules)]
        return {"part": part, "into": 0, "place": row.index(part) + (1 if act == "down" else -1)}


class KeyStays:
    """A form of a thing whose key others refer to: once it was published, the key is shown and stays."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and (self.instance.live or self.instance.first_published_at) and "key" in self.fields:
            self.fields["key"].disabled = True


def _tracks() -> forms.MultipleChoiceField:
    """Return the field in which groups of readers are ticked."""
    return forms.MultipleChoiceField(
        label=_("asked of"), choices=Track, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: of everybody who takes the course."),
    )  # fmt: skip


class AsksKind:
    """A form that asks, at publish, for a reason where the kind of change chosen is less than the one proposed."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["lowered_because"] = ""

    def _post_clean(self):
        """Compare what the form holds with what readers have, once it is in the instance."""
        super()._post_clean()
        if self.errors or "action-publish" not in self.data:
            return
        proposed = queries.proposal_for(self._in_hand())
        if not proposed.is_above(self.cleaned_data.get("change", "")):
            self.instance.lowered_because = ""
        elif not self.instance.lowered_because:
            because = listed((str(ChangeReason(code).label) for code in proposed.reasons), get_language())
            told = _("Proposed: %(change)s, because %(because)s. Choose it, or say below why it is less.")
            kind = Change(proposed.change).label
            self.add_error("change", forms.ValidationError(told, params={"change": kind, "because": because}))

    def _in_hand(self):
        return self.instance


class QuestionForm(AsksKind, KeyStays, SourceForm):
    """A question of a test; what tests cannot ask stays a draft."""

    tracks = _tracks()

    def clean(self):
        """Refuse a group of readers that the course does not know, and to publish a short text.

        A test would mark one word where several are as right.
        """
        cleaned = super().clean()
        if course := cleaned.get("course"):
            refuse_foreign_tracks(self, course)
        body = cleaned.get("body_en")
        stands = bool(self.instance.pk) and self.instance.live
        goes_live = stands or "action-publish" in self.data or bool(cleaned.get("go_live_at"))
        if body and body[0].block_type in PRACTICE_ONLY and goes_live:
            self.add_error("body_en", _("A short text is for practice: put it into a lesson. No test asks it."))
        return cleaned


class LessonForm(AsksKind, SourcePageForm):
    """A lesson; it may be for some groups of readers only, and leads to scenarios of its own course only.

    Its readers play and keep the scenarios there.
    """

    tracks = _tracks()

    def clean(self):
        """Refuse a group of readers that the course does not know, and a scenario of another course, with its name."""
        cleaned = super().clean()
        path = self.parent_page.path[: -self.parent_page.steplen]
        course = Course.objects.filter(path=path).first()
        if course:
            refuse_foreign_tracks(self, course)
        for block in cleaned.get("body_en") or ():
            chosen = block.value["scenario"] if block.block_type == "scenario" else None
            if chosen is not None and chosen.course.path != path:
                told = _("“%(heading)s” is a scenario of another course. Choose one of this course.")
                self.add_error("body_en", told % {"heading": chosen.heading_en})
        return cleaned


def refuse_foreign_tracks(form, course: Course) -> None:
    """Refuse groups of readers among whom nobody chooses in this course."""
    foreign = [track for track in form.cleaned_data.get("tracks", []) if track not in course.tracks]
    if foreign:
        told = _("The course does not have these groups of readers: %(tracks)s. Add them to the course first.")
        form.add_error("tracks", told % {"tracks": listed((str(Track(one).label) for one in foreign), get_language())})


class ScenarioForm(AsksKind, KeyStays, SourceForm):
    """A scenario; what is published can be played from its first scene to each end."""

    def clean(self):
        """Refuse to publish a story that cannot be played: each fault with its node and the way there."""
        cleaned = super().clean()
        if "action-publish" in self.data and not self.errors.get("nodes_en"):
            blocks = cleaned["nodes_en"].get_prep_value()
            for fault in scenarios.faults_of(scenarios.graph_of_blocks(cleaned.get("start", ""), blocks)):
                self.add_error("nodes_en", told_fault(fault))
        return cleaned


def told_fault(fault: scenarios.Fault) -> str:
    """Return what is wrong with a scenario, as a sentence, with the way that leads there where there is one."""
    told = SCENARIO_FAULTS[fault.code] % vars(fault)
    return WAY_TO_FAULT % {"fault": told, "path": " → ".join(fault.path)} if len(fault.path) > 1 else told


class CourseForm(AsksKind, KeyStays, SourcePageForm):
    """A course; its tests can be drawn and passed with the questions that there are."""

    tracks = _tracks()

    def clean(self):
        """Refuse a plan that the bank cannot fill, and a pass rule that nobody can meet, with the numbers."""
        cleaned = super().clean()
        plan, minimum = self._plan(), cleaned.get("pass_minimum")
        places = [(form, objective) for form, objective, _count in plan]
        if len(set(places)) < len(places):
            self.add_error(None, _("The plan has two rows for one form and objective. Keep one, with the sum."))
        asked = sum(count for form, _objective, count in plan if form == Form.POST)
        if asked and minimum and minimum > asked:
            told = _("The test has %(draw)s questions: choose that number or fewer.") % {"draw": asked}
            self.add_error("pass_minimum", told)
        if self._is_for_readers():
            for lack in queries.lacks_of(self.instance, plan, cleaned.get("tracks", [])):
                self.add_error(None, said_of(lack))
        return cleaned

    def _in_hand(self):
        """Return the course with the plan as it is typed: its rows come into it only when the form is saved."""
        self.instance.blueprint = [Blueprint(form=form, objective=what, count=n) for form, what, n in self._plan()]
        return self.instance

    def _plan(self) -> list[tuple[int, str, int]]:
        """Return the plan as it is typed."""
        rows = self.formsets["blueprint"].forms if "blueprint" in self.formsets else []
        kept = [row.cleaned_data for row in rows if row.is_valid() and not row.cleaned_data.get("DELETE")]
        return [(row["form"], row["objective"], row["count"]) for row in kept if row.get("form") and row.get("count")]

    def _is_for_readers(self) -> bool:
        """Tell whether the course goes to readers; a draft waits for its questions."""
        return self.instance.live or "action-publish" in self.data


def said_of(lack: progress.Lack) -> str:
    """Return what is missing for a row of the plan, in words."""
    words = {
        "form": Form(lack.form).label,
        "objective": Objective(lack.objective).label if lack.objective else _("any objective"),
        "asked": lack.asked,
        "there": lack.there,
        "track": Track(lack.track).label if lack.track else "",
    }
    if lack.track:
        return (
            _(
                "%(form)s, %(objective)s, for “%(track)s”: the plan asks %(asked)s, the bank holds %(there)s. Lower the "
                "number, or publish more questions first."
            )
            % words
        )
    return (
        _(
            "%(form)s, %(objective)s: the plan asks %(asked)s, the bank holds %(there)s. Lower the number, or publish more "
            "questions first."
        )
        % words
    )


WORDS = ("text_en", "source_en", "article")
CHOICES = ("country_id", "curriculum_id", "slot", "source_kind", "checked_at", "confirmed", "review_at")


def _digest(entry) -> str:
    """Return a digest of what the form of an entry shows; line ends are as the browser likes them."""
    values = ["\n".join(str(getattr(entry, name)).splitlines()) for name in WORDS + CHOICES]
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()


class NameForm(forms.Form):
    """A name as somebody reads it on a certificate, to hear whether it is the one."""

    name = PlainText(
        label=_("The name on the certificate"),
        max_length=150,
        help_text=_("As it is printed, in the same script. Large and small letters do not matter."),
        error_messages={"required": _("Write the name that is printed on the certificate.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )


class CodeForm(forms.Form):
    """The code in letters of a certificate, as somebody types it: in any case, with or without gaps."""

    code = PlainText(
        label=_("The code on the certificate"),
        max_length=credentials.LONGEST_TYPED,
        help_text=_("15 letters and digits. Gaps and small letters do not matter."),
        error_messages={"required": _("Write the code that is printed on the certificate.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr", "autocapitalize": "characters"}),
    )

    def clean_code(self) -> str:
        """Return the code as its address has it; what is none stays as it was typed, and its page says so."""
        return credentials.code_of(self.cleaned_data["code"]) or self.cleaned_data["code"]


class CertificateFilter(forms.Form):
    """Filters of the list of certificates."""

    course = forms.ChoiceField(label=_("Course"), required=False)
    code = PlainText(label=_("Code or name"), required=False, max_length=60)

    def __init__(self, *args, courses, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["course"].choices = [("", _("All courses")), *courses]


class WithdrawalForm(forms.Form):
    """Why a certificate is withdrawn; the reason stays in the house."""

    reason = forms.ChoiceField(
        label=_("Why it is withdrawn"),
        choices=WithdrawalReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why it is withdrawn.")},
    )
    words = FreeText(
        label=_("In your own words"),
        required=False,
        max_length=300,
        help_text=_(
            "What somebody who looks at it in a year must know. Whoever checks the certificate is not shown it."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self):
        """Ask for words where the reason says nothing by itself."""
        found = super().clean()
        if found.get("reason") == WithdrawalReason.OTHER and not found.get("words"):
            self.add_error("words", _("Write what the reason is."))
        return found


class LearnersFile(ListForm):
    """Which list of learners leaves the house, of which course."""

    what = forms.ChoiceField(label=_("List"), choices=[("enrolments", _("Enrolments")), ("results", _("Results"))])
    course = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)
    field_order = ("what", "kind", "reason")


class StatementsForm(forms.Form):
    """From which day to which events leave the house as statements."""

    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self):
        """Return the instants of the two days, both within, by UTC."""
        cleaned = super().clean()
        for name, days in (("since", 0), ("until", 1)):
            if day := cleaned.get(name):
                if not 2000 <= day.year <= 2100:
                    self.add_error(name, _("Enter a day between 2000 and 2100."))
                    continue
                cleaned[name] = dt.datetime.combine(day, dt.time(), dt.UTC) + dt.timedelta(days=days)
        return cleaned


class QuestionFile(forms.Form):
    """A file of questions to be read."""

    file = forms.FileField(
        label=_("File (GIFT or Moodle XML)"),
        help_text=_("At most 5 MB. Texts without a language tag are taken as English."),
        error_messages={"required": _("Choose a file."), "empty": FILE_FAULTS["empty"]},
    )

    def clean_file(self):
        """Read the file, or say why it cannot be read."""
        file = self.cleaned_data["file"]
        try:
            self.reading = question_files.read(file.read(question_files.MOST_BYTES + 1))
        except question_files.FileRefused as error:
            raise forms.ValidationError(FILE_FAULTS[error.code], params={"detail": error.detail}) from error
        return file


class ExportQuestions(forms.Form):
    """In which format the questions of a course go out."""

    format = forms.ChoiceField(label=_("Format"), choices=FileFormat.choices)
    translated = forms.BooleanField(
        label=_("With texts in other languages, in {mlang} tags"),
        required=False,
    )
