"""Fixed words of the people's room: roles, hotline days, kinds of public contacts."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a person may be; the codes outlive their labels."""

    LEARNER = "learner", _("Learner")
    TRAINER = "trainer", _("Trainer")
    OPERATOR = "operator", _("Hotline operator")
    SUPERVISOR = "supervisor", _("Supervisor")
    MANAGER = "manager", _("Programme manager")
    TRANSLATOR = "translator", _("Translator")
    INTERPRETER = "interpreter", _("Interpreter")
    FOCAL_POINT = "focal_point", _("Agency focal point")
    ANALYST = "analyst", _("Analyst")
    ADMINISTRATOR = "administrator", _("Administrator")


# Roles that may open a case, or change what many people read: never without a second factor.
SECOND_FACTOR_ROLES = frozenset(
    {"operator", "supervisor", "manager", "focal_point", "administrator", "translator", "analyst"}
)


# What a second factor is called, by its kind.
FACTOR_WORDS = {
    "recovery_codes": _("Recovery codes"),
    "totp": _("Authenticator app"),
    "webauthn": _("Security key"),
}


class FactorLoss(TextChoices):
    """Why somebody else takes a person's second step off."""

    LOST = "lost", _("The phone or the key is lost or stolen")
    BROKEN = "broken", _("The phone or the key does not work any more")
    REPLACED = "replaced", _("There is a new phone, and the app was not moved to it")
    SUSPECTED = "suspected", _("Somebody else may have the codes")


class FactorProof(TextChoices):
    """How it was made sure that the person herself asks."""

    IN_PERSON = "in_person", _("We stood face to face, and I know this person")
    BY_VOICE = "by_voice", _("I called a number that we had before, and I know the voice")
    BY_COLLEAGUE = "by_colleague", _("Somebody who knows this person stood beside her and told me so by voice")


class OfficeKind(TextChoices):
    """What kind of place an official works in."""

    COURT = "court", _("Court")
    PROSECUTION = "prosecution", _("Prosecutor's office")
    POLICE = "police", _("Police station")
    BORDER = "border", _("Border post")
    DISTRICT = "district", _("District office")
    CIVIL_PROTECTION = "civil_protection", _("Civil protection")
    AGENCY = "agency", _("Agency")
    OTHER = "other", _("Other office")


class ContactKind(TextChoices):
    """What a public number of a country is for."""

    HOTLINE = "hotline", _("Hotline")
    POLICE = "police", _("Police")
    CHILD = "child", _("Child helpline")
    REFERRAL = "referral", _("Referral contact")
    AMBULANCE = "ambulance", _("Ambulance")
    FIRE = "fire", _("Fire brigade")
    LABOUR = "labour", _("Labour office")
    OTHER = "other", _("Other number")

    @classmethod
    def known_by_kind(cls) -> tuple["ContactKind", ...]:
        """Return the kinds of which a country has one, so that the kind says enough where there is no name."""
        return (cls.HOTLINE, cls.POLICE, cls.CHILD, cls.AMBULANCE, cls.FIRE)


class SourceKind(TextChoices):
    """Where a public number comes from."""

    OFFICIAL = "official", _("Told by the authority itself")
    PUBLISHED = "published", _("Published: law, report, official page")
    PRESS = "press", _("Press")
    DEMONSTRATION = "demonstration", _("Demonstration only")


@dataclass(frozen=True)
class Notice:
    """The words of a letter about a person's own account."""

    subject: str
    text: str


_CHANGED = _("If this was not you, tell your administrator at once and change your password.")
NOTICES: dict[str, Notice] = {
    "account/email/password_reset_key": Notice(
        _("Choose a new password"),
        _("Somebody, most likely you, asked to choose a new password for this address. Open this link to do so:"),
    ),
    "account/email/password_changed": Notice(_("Your password was changed"), _CHANGED),
    "account/email/password_reset": Notice(_("Your password was changed"), _CHANGED),
    "account/email/password_set": Notice(_("A password was set for your account"), _CHANGED),
    "mfa/email/totp_activated": Notice(_("An authenticator app was added to your account"), _CHANGED),
    "mfa/email/totp_deactivated": Notice(_("An authenticator app was taken from your account"), _CHANGED),
    "mfa/email/recovery_codes_generated": Notice(_("New recovery codes were made for your account"), _CHANGED),
    "mfa/email/webauthn_added": Notice(_("A security key was added to your account"), _CHANGED),
    "mfa/email/webauthn_removed": Notice(_("A security key was taken from your account"), _CHANGED),
}


@dataclass(frozen=True)
class LetterKind:
    """What a letter is, for those who see that it could not leave, and what they can do about it."""

    words: str
    advice: str = ""


_TELL = _("Tell the person yourself.")
# By the beginning of a letter's key; the rooms above declare theirs as LETTERS beside their ROUTES.
LETTER_KINDS: dict[str, LetterKind] = {
    "invitation": LetterKind(_("Your invitation to Fanal")),
    "attempts": LetterKind(_("Many attempts to sign in with your address"), _TELL),
    "account": LetterKind(_("A letter about the person's own account"), _TELL),
    **{f"account:{name.rpartition('/')[2]}": LetterKind(notice.subject, _TELL) for name, notice in NOTICES.items()},
    "account:factors_removed": LetterKind(_("Your second step at sign-in was removed"), _TELL),
    "account:factors_watched": LetterKind(_("The second step of a colleague was removed"), _TELL),
    "account:password_reset_key": LetterKind(
        NOTICES["account/email/password_reset_key"].subject, _("Whoever asked for it can ask again at the sign-in.")
    ),
}

# Why a letter could not leave, by the fault that its last try met.
LETTER_FAULTS = {
    "SMTPRecipientsRefused": _("The mail server refuses this address."),
    "UnicodeEncodeError": _("No mail server can be told this address."),
    "killed": _("The program that sends letters stopped at it, five times."),
    "SealError": _("Its sealed words could no longer be opened."),
    "": _("The mail server was not reached or did not take it, five times."),
}

KEY_AWAY = "KeyAway"  # the fault of a letter that waits for its seal key
BAD_ADDRESS = frozenset({"SMTPRecipientsRefused", "UnicodeEncodeError"})
LOOK_AT_ADDRESS = _("Look at the address. If it is wrong, invite the person again with the right one.")

FILE_FAULTS = {
    "too_large": _("The file is larger than 1 MB. Split it."),
    "not_csv": _("This is no CSV file. Open it in your spreadsheet program, save it as CSV, and choose that file."),
    "not_a_table": _("The file cannot be read as a table. Save it as CSV and try again."),
    "unknown_encoding": _("The letters of this file cannot be read. Save it as CSV in UTF-8 and try again."),
    "empty": _("The file is empty."),
    "no_rows": _("The file has a header and no rows."),
    "too_many_rows": _("The file has %(detail)s rows; at most 2,000 are taken at once. Split it."),
    "too_many_columns": _(
        "The file has %(detail)s columns; at most 100 are taken. Leave out those that are not needed."
    ),
    "double_column": _("The column %(detail)s stands in the header twice. Keep one."),
    "missing_columns": _("The header lacks: %(detail)s. The first row must name the columns."),
}

ROW_FAULTS = {
    "empty": _("is empty"),
    "too_long": _("is too long"),
    "formula": _("begins like a formula of a spreadsheet"),
    "hidden_signs": _("holds hidden signs"),
    "pictures": _("holds pictures, which no name does"),
    "lines": _("has more than one line"),
    "bad_address": _("is not an e-mail address"),
    "taken": _("already has an account"),
    "double": _("stands already in row %(detail)s"),
    "unknown_country": _("is not a country of this programme"),
    "other_country": _("is not your country"),
    "unknown_office": _("is not an office of this country"),
    "office_closed": _("is closed and takes no new people"),
    "office_elsewhere": _("is an office of %(detail)s, not of the country in this row"),
    "unknown_language": _("is not one of the fifteen languages"),
}

# Why a list of people leaves the house; codes stand in the audit log.
LIST_REASONS = (
    ("reporting", _("Report to the programme or a donor")),
    ("planning", _("Plan training or shifts")),
    ("correction", _("Correct the list and read it again")),
    ("request", _("A person asks what is kept about her")),
)


class FileKind(TextChoices):
    """The formats in which tables leave the house."""

    CSV = "csv", "CSV"
    XLSX = "xlsx", _("Excel (XLSX)")


COLUMN_WORDS = {
    "name": _("Name"),
    "email": _("E-mail"),
    "office": _("Office"),
    "country": _("Country"),
    "language": _("Language"),
}

# Acts of the audit log in words; each room declares its own as ACTS beside its ROUTES.
VERBS = {
    "audit.read": _("Read the audit log"),
    "country.changed": _("Changed zone or hours of a country"),
    "country.holiday_added": _("Added a holiday"),
    "country.holiday_removed": _("Removed a holiday"),
    "country.holidays_filled": _("Filled the calendar of a country"),
    "country.number_checked": _("Checked a public number by a call"),
    "country.number_kept": _("Changed a public number"),
    "country.number_removed": _("Removed a public number"),
    "country.opened": _("Set up a country"),
    "key.damaged": _("Found a sealed row that cannot be opened"),
    "key.destroyed": _("Destroyed a key: what it sealed is erased"),
    "key.erasure_replayed": _("Erased again what a backup brought back"),
    "key.factors_resealed": _("Sealed second-factor secrets anew"),
    "key.letters_resealed": _("Sealed waiting letters anew"),
    "key.rewrapped": _("Wrapped data keys anew"),
    "letter.given_up": _("Gave up a letter that could not leave"),
    "letter.sent_again": _("Sent a lost letter again"),
    "letter.taken_off": _("Took a lost letter off the list"),
    "office.added": _("Added an office"),
    "office.changed": _("Corrected an office"),
    "office.closed": _("Closed an office"),
    "office.reopened": _("Opened an office again"),
    "officials.exported": _("Exported the list of officials"),
    "officials.imported": _("Imported officials"),
    "person.accepted": _("Opened the account"),
    "person.attempts_limited": _("Was warned of many attempts"),
    "person.deactivated": _("Account closed"),
    "person.factor_added": _("Second factor added"),
    "person.factor_removed": _("Second factor taken off"),
    "person.factors_reset": _("Second step removed by somebody else, after a loss"),
    "person.invitation_revoked": _("Invitation taken back"),
    "person.invited": _("Invited"),
    "person.made": _("Account made"),
    "person.moved": _("Name or place corrected"),
    "person.profile_changed": _("Profile changed"),
    "person.reactivated": _("Account opened again"),
    "person.roles_changed": _("Roles changed"),
    "person.sessions_ended": _("Signed out everywhere"),
    "person.sign_in_failed": _("Failed to sign in"),
    "person.signed_in": _("Signed in"),
    "sealed.cannot_open": _("Could not open a sealed field"),
    "sealed.revealed": _("Opened a sealed field"),
}
