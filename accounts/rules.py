"""Who may do what: base conditions, the one question `allowed`, and the routes of this room.

`RULES`: action -> any of (all of conditions); an empty list is nobody.
`ROUTES`: route name -> Route; accounts.middleware.DeclaredRoutes enforces it, an undeclared route answers 404.
`ACTS`: act of the audit log -> its words.
`LETTERS`: beginning of a letter's key -> what the letter is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from accounts.choices import LETTER_KINDS, VERBS

Condition = Callable[[object, object], bool]
Rules = dict[str, list[list[Condition]]]


@dataclass(frozen=True)
class Route:
    """How a route is guarded: methods, who (`public`, `signed_in`, or role codes), second factor, audit action.

    `by_itself`: a page asks it again and again with nobody touching anything, so it keeps no session awake.
    `guests`: whom a room knows without an account (`GUESTS`) stands there as `request.user`, and is admitted.
    `by_script`: a page's script asks, which cannot follow to a form: who must sign in first is told so by 401.
    """

    methods: str = "GET"
    who: tuple[str, ...] = ("public",)
    second_factor: bool = False
    action: str = ""
    by_itself: bool = False
    guests: bool = False
    by_script: bool = False

    @property
    def allowed_methods(self) -> list[str]:
        """Return the methods the route answers; HEAD goes with GET."""
        listed = self.methods.split()
        return [*listed, "HEAD"] if "GET" in listed else listed

    @property
    def is_public(self) -> bool:
        """Tell whether anybody may open the route."""
        return "public" in self.who


# What counts as an act of a person beside her requests: each watcher gives the instant of the last one, or None. The
# rooms above add theirs (hotline: talking on the line).
LAST_ACTS: list[Callable[[object], datetime | None]] = []


def last_act(user) -> datetime | None:
    """Return when a person last did something that was no request of the browser, as far as the rooms know.

    What is said to be done later than now, by a clock that stood ahead, was not done.
    """
    acts = [at for watcher in LAST_ACTS if (at := watcher(user)) is not None]
    now = timezone.now()
    return max((at for at in acts if at <= now), default=None)


# Who keeps what a form sent when its sender's session was over, until she has signed in again: each is given the request
# and tells whether the post waits now. The rooms above add theirs (training: a test, a trainer's ticks).
KEEPERS_OF_POSTS: list[Callable[[object], bool]] = []


def waits_for_sender(request) -> bool:
    """Tell whether a room keeps what a form just sent until its sender is signed in again."""
    return any(keep(request) for keep in KEEPERS_OF_POSTS)


# Who is there without an account: each is given the request and returns somebody who stands for a person of no role, with
# `turned_away`, what she is told at a door that asks for an account; or None. The rooms above add theirs (training: who
# learns with a progress code).
GUESTS: list[Callable[[object], object | None]] = []


def guest_of(request):
    """Return who is there without an account, as far as the rooms know; None where nobody is."""
    return next((guest for find in GUESTS if (guest := find(request)) is not None), None)


# Who prints names: each is given one and returns its letters that it cannot print. The rooms above add theirs (training:
# certificates).
PRINTERS: list[Callable[[str], str]] = []


def unprinted(name: str) -> str:
    """Return the letters of a name that a room cannot print, each once; nothing where all can be printed."""
    return "".join(dict.fromkeys("".join(printer(name) for printer in PRINTERS)))


def allowed(user, rules: Rules, action: str, thing=None) -> bool:
    """Tell whether some alternative of the action has all its conditions met."""
    return user.is_active and any(all(true(user, thing) for true in every) for every in rules[action])


def has_role(*codes: str) -> Condition:
    """Return the condition "has one of these roles"."""

    def true(user, thing) -> bool:
        return user.is_authenticated and user.has_role(*codes)

    true.__name__ = "is_" + "_or_".join(codes)
    return true


def same_country(user, thing) -> bool:
    """Tell whether the thing belongs to the user's country."""
    return user.country_id is not None and getattr(thing, "country_id", None) == user.country_id


is_operator = has_role("operator")
is_supervisor = has_role("supervisor")
is_manager = has_role("manager")
is_translator = has_role("translator")
is_trainer = has_role("trainer")
is_analyst = has_role("analyst")
is_administrator = has_role("administrator")
is_focal_point = has_role("focal_point")


def is_only_learner(user, person) -> bool:
    """Tell whether a person has no role but learner: whom an import of officials brings in."""
    return person.role_codes == {"learner"}


def is_somebody_else(user, person) -> bool:
    """Tell whether a person is not the user herself."""
    return person.pk != user.pk


STAFF = ("trainer", "operator", "supervisor", "manager", "translator", "analyst", "administrator")

RULES: Rules = {
    "invite": [[is_administrator]],
    "import_officials": [[is_administrator], [is_manager]],
    "export_officials": [[is_administrator], [is_manager]],
    "change_roles": [[is_administrator]],
    "remove_factors": [[is_administrator, is_somebody_else]],
    "view_audit": [[is_administrator]],
    "send_letter_again": [[is_administrator], [is_manager, same_country, is_only_learner]],
    "edit_country": [[is_administrator], [is_manager, same_country]],
    "edit_office": [[is_administrator], [is_manager, same_country]],
}

ACTS = VERBS
LETTERS = LETTER_KINDS

NOBODY: tuple[str, ...] = ()
SIGNED_IN = ("signed_in",)
KEEPERS = ("administrator", "manager")
TOLD_OF_LETTERS = ("administrator", "manager", "supervisor")

ROUTES: dict[str, Route] = {
    "accounts_plain:admin_login": Route(),
    "accounts:accept": Route("GET POST"),
    "accounts:demo_people": Route("GET POST"),
    "accounts:profile": Route("GET POST", SIGNED_IN),
    "accounts:people": Route("GET", ("administrator", "manager", "supervisor"), second_factor=True),
    "accounts:invite": Route("GET POST", ("administrator",), second_factor=True, action="invite"),
    "accounts:import_officials": Route(
        "GET POST", ("administrator", "manager"), second_factor=True, action="import_officials"
    ),
    "accounts:import_confirm": Route(
        "POST", ("administrator", "manager"), second_factor=True, action="import_officials"
    ),
    "accounts:export_officials": Route(
        "POST", ("administrator", "manager"), second_factor=True, action="export_officials"
    ),
    "accounts:person": Route("GET POST", ("administrator",), second_factor=True, action="change_roles"),
    "accounts:close": Route("POST", ("administrator",), second_factor=True, action="change_roles"),
    "accounts:reopen": Route("POST", ("administrator",), second_factor=True, action="change_roles"),
    "accounts:sign_out": Route("POST", ("administrator",), second_factor=True, action="change_roles"),
    "accounts:remove_factors": Route("GET POST", ("administrator",), second_factor=True, action="remove_factors"),
    "accounts:invite_again": Route("POST", ("administrator",), second_factor=True, action="invite"),
    "accounts:revoke": Route("POST", ("administrator",), second_factor=True, action="invite"),
    "accounts:letters": Route("GET", TOLD_OF_LETTERS, second_factor=True),
    "accounts:letters_again": Route("POST", KEEPERS, second_factor=True, action="send_letter_again"),
    "accounts:letter_again": Route("POST", KEEPERS, second_factor=True, action="send_letter_again"),
    "accounts:letter_off": Route("POST", TOLD_OF_LETTERS, second_factor=True),
    "accounts:countries": Route("GET", KEEPERS, second_factor=True),
    "accounts:country": Route("GET POST", KEEPERS, second_factor=True, action="edit_country"),
    "accounts:number_new": Route("GET POST", KEEPERS, second_factor=True, action="edit_country"),
    "accounts:number": Route("GET POST", KEEPERS, second_factor=True, action="edit_country"),
    "accounts:number_checked": Route("POST", KEEPERS, second_factor=True, action="edit_country"),
    "accounts:number_remove": Route("POST", KEEPERS, second_factor=True, action="edit_country"),
    "accounts:holiday_add": Route("POST", KEEPERS, second_factor=True, action="edit_country"),
    "accounts:holiday_remove": Route("POST", KEEPERS, second_factor=True, action="edit_country"),
    "accounts:offices": Route("GET", KEEPERS, second_factor=True),
    "accounts:office_new": Route("GET POST", KEEPERS, second_factor=True, action="edit_office"),
    "accounts:office": Route("GET POST", KEEPERS, second_factor=True, action="edit_office"),
    "accounts:office_close": Route("POST", KEEPERS, second_factor=True, action="edit_office"),
    "accounts:office_reopen": Route("POST", KEEPERS, second_factor=True, action="edit_office"),
    "accounts:audit": Route("GET", ("administrator",), second_factor=True, action="view_audit"),
    # allauth: what is closed here has no use in a house where accounts come by invitation.
    "account_login": Route("GET POST"),
    "account_logout": Route("GET POST"),
    "account_inactive": Route(),
    "account_reauthenticate": Route("GET POST", SIGNED_IN),
    "account_change_password": Route("GET POST", SIGNED_IN),
    "account_set_password": Route("GET POST", SIGNED_IN),
    "account_reset_password": Route("GET POST"),
    "account_reset_password_done": Route(),
    "account_reset_password_from_key": Route("GET POST"),
    "account_reset_password_from_key_done": Route(),
    "account_signup": Route(who=NOBODY),
    "account_email": Route(who=NOBODY),
    "account_email_verification_sent": Route(who=NOBODY),
    "account_confirm_email": Route(who=NOBODY),
    "account_confirm_login_code": Route(who=NOBODY),
    "mfa_authenticate": Route("GET POST"),
    "mfa_index": Route("GET", SIGNED_IN),
    "mfa_reauthenticate": Route("GET POST", SIGNED_IN),
    "mfa_activate_totp": Route("GET POST", SIGNED_IN),
    "mfa_deactivate_totp": Route("GET POST", SIGNED_IN),
    "mfa_view_recovery_codes": Route("GET", SIGNED_IN),
    "mfa_generate_recovery_codes": Route("GET POST", SIGNED_IN),
    "mfa_download_recovery_codes": Route("GET", SIGNED_IN),
    "mfa_list_webauthn": Route("GET", SIGNED_IN),
    "mfa_add_webauthn": Route("GET POST", SIGNED_IN),
    "mfa_reauthenticate_webauthn": Route("GET POST", SIGNED_IN),
    "mfa_remove_webauthn": Route("GET POST", SIGNED_IN),
    "mfa_edit_webauthn": Route("GET POST", SIGNED_IN),
    "usersessions_list": Route("GET POST", SIGNED_IN),
    # Wagtail's own people, groups and passwords: people are kept on the screens of this room.
    "wagtailusers_*": Route(who=NOBODY),
    "wagtailadmin_password_reset*": Route(who=NOBODY),
    # Wagtail's pages for looking at its own error pages.
    "wagtailadmin_error_test": Route(who=NOBODY),
    "django.views.generic.base.TemplateView": Route(who=NOBODY),
}
