"""Consent on the screen: read aloud, asked agency by agency, taken back."""

import datetime as dt

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _

from languages.text import listed
from referral import actions
from referral.choices import ConsentPurpose
from referral.choices.cases import is_adult
from referral.choices.forms import CONSENT
from referral.forms.consent import ConsentForm, LineAsked, WithdrawForm
from referral.models import Case, StepRun
from referral.queries import casepage
from referral.queries.needed import care_words, needs_of
from referral.queries.questions import known_values, sealed_keys, words_of
from referral.queries.referrals import agencies_to_name
from referral.queries.sharing import Withdrawal, agencies_reached, agencies_told_for, withdrawal_of
from referral.queries.spoken import isolated, pair_of
from referral.queries.unmet import steps_opened_by
from referral.views.base import CaseFormView, spoken_now

FEW, EVERY = 3, 50


class GiveConsent(CaseFormView):
    """The consent screen: the seven points in the person's language, then one line after the other."""

    template_name = "referral/consent.html"

    @property
    def run(self) -> StepRun | None:
        """Return the consent step that is open, if there is one; else the lines are added to a running case."""
        return casepage.open_consent(self.case)

    def asked(self) -> tuple[LineAsked, ...]:
        """Return the agencies that the person is asked about."""
        return tuple(
            LineAsked(of.organisation_id, of.organisation.name, one.purpose, one.groups, of.term)
            for one in agencies_to_name(self.case, self.at, most=EVERY if self.is_long else FEW)
            for of in [one.service]
        )

    @property
    def is_long(self) -> bool:
        """Tell whether every agency that fits is listed, not only the best of each step."""
        return "every" in self.request.GET

    def form(self, data=None):
        """Return the form; nothing is ticked beforehand."""
        known = known_values(self.case)
        said = {field.key: words_of(field.key, known[field.key]) for field in CONSENT.fields if field.key in known}
        is_child = not is_adult(known.get("age"))
        ending = tuple(isolated(one.name, spoken_now()) for one in agencies_reached(self.case, self.at))
        return ConsentForm(
            data, asked=self.asked(), needs=needs_of(self.case), said=said, is_child=is_child, ending=ending,
            wants_police=known.get("wants_police"), care=care_words(known), seen=self.case.event_count,
            police_told=agencies_told_for(self.case, ConsentPurpose.POLICE_REPORT, self.at),
        )  # fmt: skip

    def context(self) -> dict:
        """Return the points to read, in two languages, and what the rules say about who may consent."""
        language = spoken_now()
        facts = known_values(self.case)
        return {
            "intro": pair_of(CONSENT.intro, self.case.script_language, language),
            "points": [pair_of(point, self.case.script_language, language) for point in CONSENT.points],
            "pairs": {
                field.key: pair_of(field.script, self.case.script_language, language)
                for field in CONSENT.fields
                if field.script
            },
            "needs_guardian": not is_adult(facts.get("age")),
            "caregiver_suspected": bool(facts.get("caregiver_suspected")),
            "sealed": sealed_keys(self.case),
            "run": self.run,
            "is_long": self.is_long,
            "consents": casepage.consent_rows(self.case, self.at),
        }

    def act(self, form):
        """Write the consent down."""
        told, facts = form.cleaned_data, form.told()
        run, common = self.run, self.sent(form)
        lines = [
            actions.Line(line.organisation, line.group, line.purpose, line.is_given)
            for line in form.lines()
            if told["agrees"] == "yes" or not line.is_given
        ]
        actions.record_consent(
            case=self.case, run=run.number if run else None, lines=lines, giver=told["giver"],
            assent=told.get("assent", ""), language=self.case.script_language,
            with_interpreter=facts.get("interpreter_used") is True, ends_at=_end_of(told["ends_on"]), facts=facts,
            seen=told["seen"], **common,
        )  # fmt: skip
        return self.spoken(common, self.written(common["key"]))

    def written(self, key: str) -> str:
        """Return what is said of what was written down; that something was taken back by it stands before."""
        if withdrawal_of(self.case, f"{key}:back") is not None:
            messages.success(self.request, taken_back(self.case, f"{key}:back"))
        return _("Consent written down.") if self.request.POST["agrees"] == "yes" else _("The no is written down.")

    def done(self):
        """Say what was written down the first time."""
        return self.back(self.written(self.sending))


def taken_back(case: Case, key: str) -> str:
    """Return what is said once consent was taken back: what it ended, and the steps that are open again."""
    ended, language = withdrawal_of(case, key) or Withdrawal(), spoken_now()
    said = _("Consent taken back. Requests recalled: %(count)s. Old links no longer work.") % {"count": ended.recalled}
    if ended.lists:
        said = f"{said} {_('Waiting lists ended: %(count)s.') % {'count': ended.lists}}"
    steps = [isolated(title.text, language) for title in steps_opened_by(case, key, language)]
    if not steps:
        return said
    opened = _("Open again, since help is still needed: %(steps)s.") % {"steps": listed(steps, language)}
    return f"{said} {opened}"


def _end_of(day: dt.date | None) -> dt.datetime | None:
    """Return the end of a day in the country's zone."""
    if day is None:
        return None
    return timezone.make_aware(dt.datetime.combine(day, dt.time(23, 59)))


class TakeBack(CaseFormView):
    """The person takes consent back, from one agency or from all; also when the case is closed."""

    template_name = "referral/withdraw.html"
    action = "take_back"

    def form(self, data=None):
        """Return the form with the agencies that may see something, wait for it, or still hold it."""
        organisations = agencies_reached(self.case, self.at)
        return WithdrawForm(data, organisations=organisations, seen=self.case.event_count)

    def context(self) -> dict:
        """Return what stands, and what was shared without consent on a written ground."""
        rows = casepage.referral_rows(self.case, spoken_now(), self.at)
        grounds = [row for row in rows if row.referral.without_consent_basis]
        return {"consents": casepage.consent_rows(self.case, self.at), "grounds": grounds}

    def act(self, form):
        """Take it back; what was sent is recalled in the same moment."""
        told, common = form.cleaned_data, self.sent(form)
        chosen = None
        if told["organisation"] != "all":
            chosen = agencies_reached(self.case, self.at).get(pk=int(told["organisation"]))
        actions.withdraw_consent(case=self.case, organisation=chosen, words=told["words"], seen=told["seen"], **common)
        return self.spoken(common, taken_back(self.case, common["key"]))

    def done(self):
        """Say what the first sending took back, whatever stands now."""
        return self.back(taken_back(self.case, self.sending))
