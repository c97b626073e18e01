"""Writes of the roof: opening a country, through the actions of every room, in one transaction; chores that were done."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import transaction
from wagtail.models import Site

from accounts import actions as accounts
from accounts.choices import KEY_AWAY, Role
from accounts.models import Country, User
from accounts.queries import invitations
from cms import standing
from cms.chores import LOOK_AT_MAIL
from cms.models import Heartbeat
from cms.opening import Opening, Week, week_text
from hotline import actions as hotline
from hotline import queries as lines_known
from hotline.actions import lines
from hotline.ivr import Plan
from hotline.ivr.plan import LANGUAGE_KEYS
from hotline.models import Line, Prompt
from hotline.queries.lines import reachable
from hotline.queries.police import police_differs
from referral import actions as referral
from referral.models import Pathway
from training import actions as training
from training.models import Course

KEPT_OF_A_LINE = (
    "account", "duty_phone", "other_number", "police_number", "is_free", "opens_on_holidays", "is_practice",
)  # fmt: skip
YES_NO = {True: "yes", False: "no"}


@dataclass
class Report:
    """What was made, what stood already and was kept, what is left to do; each a line for a person."""

    made: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    has_line: bool = True

    def note(self, words: str, is_made: object) -> None:
        """Write a line where it belongs."""
        (self.made if is_made else self.kept).append(words)


@transaction.atomic
def open_country(*, opening: Opening, by: str, at: datetime) -> Report:
    """Make all that a country needs before its line can be called; what stands already stays as it is."""
    report = Report()
    country = _country(opening, report, by, at)
    report.note("Front page and standing pages", standing.keep_pages(at=at))
    report.note(f"Home page /{opening.languages[0]}/{country.slug}/", standing.keep_home(country=country, at=at))
    added = referral.keep_areas(country=country, names=opening.areas, by=by, at=at)
    report.note(f"Areas: {', '.join(added or opening.areas) or 'none named'}", added)
    desks = referral.keep_desks(country=country, by=by, at=at)
    report.note("Desks of the pathway, filled by people of this house", desks)
    known = Prompt.objects.count()
    report.note(f"Prompts of the line: {hotline.load_prompts(by=by, at=at)}", Prompt.objects.count() > known)
    _line(opening, country, report, by, at)
    _police(country, report)
    _pathway(opening, country, report, by, at)
    _courses(opening, country, report, by, at)
    _administrator(opening, report, by, at)
    return report


def _country(opening: Opening, report: Report, by: str, at: datetime) -> Country:
    is_new = not Country.objects.filter(code=opening.code).exists()
    country = accounts.add_country(
        code=opening.code, name=opening.name, slug=opening.slug, languages=opening.languages, time_zone=opening.zone,
        area_word=opening.area_word, weekend=opening.weekend, by=by, at=at,
    )  # fmt: skip
    report.note(f"Country {country.name_en}, {country.time_zone}, {country.language_codes}", is_new)
    days = country.holidays.count()
    report.note(f"Calendar: {days} holidays", is_new and days)
    if not days:
        report.left.append(f"No holidays are known for {country.name_en}: add them at /en/countries/{country.code}/.")
    return country


def _police(country: Country, report: Report) -> None:
    """Say where a line and the public pages name different numbers of the police, and where each is written."""
    for line in country.lines.filter(is_active=True):
        if differs := police_differs(line):
            report.left.append(
                f"Police: the line {line.number} says {differs.heard or 'no number'}, the public pages show "
                f"{', '.join(differs.shown) or 'none'}. Write the right one at /en/countries/{country.code}/ and /en/lines/."
            )
        elif not line.police_number:
            report.left.append(
                f"Police: the line {line.number} names no number of the police. Write the local one, or that of another"
                " emergency service, at /en/lines/: until then its call flow cannot be published, nor can people call it."
            )


def _line(opening: Opening, country: Country, report: Report, by: str, at: datetime) -> None:
    lines_known.forget_lines()
    is_reached = reachable(opening)
    gaps = lines_known.unheard(opening.languages, is_reachable=is_reached, is_free=opening.is_free)
    heard = [code for code in opening.languages if code not in {code for _key, code in gaps}]
    if len(heard) == 1:  # a line of one language says other prompts than one of several
        more = lines_known.unheard(
            heard, is_reachable=is_reached, is_free=opening.is_free, plan=Plan(languages=(("1", heard[0]),))
        )
        gaps, heard = [*gaps, *more], [] if more else heard
    _refused(opening.languages, gaps, report)
    known = next((one for one in country.lines.all() if set(one.numbers.split()) & set(opening.lines)), None)
    if known is not None:
        _more_languages(known, heard, report, by, at)
        _differences(known, opening, report)
    elif heard:
        line = _open_line(opening, country, heard, by, at)
        report.note(f"Line {line.number}, account {line.account}, languages {line.language_keys}", True)
    else:
        report.has_line = False
        report.left.append("No line was opened: it could speak none of these languages. Everything else stands.")


def _refused(codes: Sequence[str], gaps: Sequence[tuple[str, str]], report: Report) -> None:
    for code in codes:
        if keys := [key for key, language in gaps if language == code]:
            report.left.append(
                f"Language {code} is not on the line: these prompts have neither a recording nor a voice of it: "
                f"{', '.join(keys)}"
            )


def _open_line(opening: Opening, country: Country, heard: Sequence[str], by: str, at: datetime) -> Line:
    keys = " ".join(f"{key}:{code}" for key, code in zip(LANGUAGE_KEYS, heard, strict=False))
    international = [number for number in opening.lines if number.startswith("+")]
    line = lines.open_line(
        country=country, numbers=opening.lines, name=f"{country.name_en}, {opening.lines[0]}", number=opening.lines[0],
        account=opening.account, language_keys=keys, duty_phone=opening.duty_phone,
        other_number=opening.other_number, police_number=opening.police_number,
        sender=(international or opening.lines)[0], is_free=opening.is_free, is_practice=opening.is_practice,
        opens_on_holidays=opening.opens_on_holidays, by=by, at=at,
    )  # fmt: skip
    lines.set_hours(line=line, week=opening.week, by=by, at=at)
    return line


def _more_languages(line: Line, heard: Sequence[str], report: Report, by: str, at: datetime) -> None:
    """Put the languages on a standing line that were refused once and can be heard now."""
    known, place = line.language_keys, f"/en/lines/{line.public_id}/"
    for code in [code for code in heard if code not in line.language_codes]:
        try:
            line = lines.add_language(line=line, code=code, by=by, at=at)
        except lines.NoKeyFree as full:
            line = full.line
            report.left.append(
                f"Language {code} is not on the line: no key is free. Take a language off it at {place}."
            )
    report.note(
        f"Line {line.number}, account {line.account}, languages {line.language_keys}", line.language_keys != known
    )


def _differences(line: Line, opening: Opening, report: Report) -> None:
    """Say what was typed and not taken over: a line that people call is never turned by a second run."""
    place = f"Change it at /en/lines/{line.public_id}/."
    for name in KEPT_OF_A_LINE:
        standing_value, typed = getattr(line, name), getattr(opening, name)
        if standing_value != typed:
            words = line._meta.get_field(name).verbose_name
            if isinstance(typed, bool):
                report.left.append(f"The line keeps “{words}”: {YES_NO[standing_value]}, not {YES_NO[typed]}. {place}")
            else:
                report.left.append(
                    f"The line keeps its {words}: {standing_value or 'none'}, not {typed or 'none'}. {place}"
                )
    week: Week = {}
    for span in line.hours.all():
        week.setdefault(span.weekday, []).append((span.opens, span.closes))
    if week_text(week) != week_text(opening.week):
        words = f"{week_text(week) or 'never open'}, not {week_text(opening.week)}"
        report.left.append(f"The line keeps its hours: {words}. {place}")


def note_chore(*, name: str, at: datetime) -> None:
    """Note that an anchor or a backup was made; cms.chores tells when the last one is too long ago."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": at})


def _pathway(opening: Opening, country: Country, report: Report, by: str, at: datetime) -> None:
    """Load the models, which managers copy in the editor; and the pathway that was asked for, as a draft."""
    known = set(Pathway.objects.values_list("key", flat=True))
    models = [key for key in referral.seed_keys() if not referral.country_of_seed(key)]
    for key in models:
        referral.load_seed(key, by=by, at=at)
    report.note(f"Models of a pathway, to be copied at /admin/pathways/: {', '.join(models)}", set(models) - known)
    if not opening.pathway:
        return
    pathway = referral.load_seed(opening.pathway, by=by, at=at)
    if pathway.country_id is None:
        pathway = referral.copy_model(pathway=pathway, country=country, by=by, at=at)
    report.note(f"Pathway {pathway.key}, a draft", pathway.key not in known)


def _courses(opening: Opening, country: Country, report: Report, by: str, at: datetime) -> None:
    """Load the courses when that is asked for; those that stand are offered in the country when they name it."""
    news = training.News()
    if opening.with_courses:
        front = Site.objects.get(is_default_site=True).root_page.specific
        training.load_courses(parent=front, by=by, at=at, news=news)
    else:
        training.offer_courses(country=country, by=by, at=at, news=news)
    report.made += news.made
    report.left += news.left
    if offered := Course.objects.filter(countries=country).values_list("key", flat=True):
        report.note(f"Courses on offer in {country.name_en} once nothing is missing: {', '.join(offered)}", False)


def _administrator(opening: Opening, report: Report, by: str, at: datetime) -> None:
    """Invite the administrator; anew while the account was never opened and no link can come any more."""
    email, words = opening.administrator, f"Administrator {opening.administrator}"
    if not email:
        return
    invited, person = f"by e-mail from {settings.PUBLIC_URL}", User.objects.filter(email__iexact=email).first()
    if person is None:
        accounts.invite(
            email=email, name=email.partition("@")[0], roles=[Role.ADMINISTRATOR], country=None,
            language=opening.languages[0], by=by, at=at,
        )  # fmt: skip
        report.made.append(f"{words}, invited {invited}; ./fanal worker sends the letter")
        return
    stands = invitations.standing_of(person, at)
    if Role.ADMINISTRATOR not in person.role_codes or (stands.is_opened and not person.is_active):
        report.left.append(f"{email} has an account that is closed, or no administrator's: look at /en/people/.")
    elif stands.is_waiting and (stands.closed or stands.is_lost):
        accounts.invite_again(person=person, by=by, at=at)
        why = "the link was over" if stands.closed else f"the letter was given up ({stands.fault})"
        report.made.append(f"{words}, invited anew {invited}: {why}; ./fanal worker sends the new one")
    else:
        report.kept.append(words if stands.is_opened else f"{words}, invited {invited}")
        report.left += _not_reached(email, stands)


def _not_reached(email: str, stands: invitations.Standing) -> list[str]:
    """Say why somebody who was invited has no link that works, where that is so."""
    if stands.closed == "revoked":
        return [f"The link of {email} was closed: an administrator sends another at /en/people/."]
    if stands.is_opened or not stands.fault:
        return []
    if stands.fault == KEY_AWAY:
        why = "put the seal key that wrote it back into FANAL_SEAL_KEYS"
    else:
        why = f"{stands.fault}: if the address is right, {LOOK_AT_MAIL}"
    return [f"The letter to {email} has not left ({why}). It is tried again; once given up, run this command again."]
