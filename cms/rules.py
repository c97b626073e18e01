"""Who may open the roof's own routes, and those of the libraries under it."""

from django.utils.translation import gettext_lazy as _

from accounts.rules import NOBODY, Route, Rules, is_administrator, is_manager, is_translator

EDITORS = ("manager", "administrator")

DESK = ("translator", "manager", "administrator")


def works_in(user, language) -> bool:
    """Tell whether a person works in a language."""
    return language in user.speaks


RULES: Rules = {
    "translate": [[is_translator, works_in], [is_manager], [is_administrator]],
    "read_as_native": [[is_translator, works_in], [is_manager, works_in], [is_administrator, works_in]],
    "switch_languages": [[is_administrator]],
    "edit_shared_pages": [[is_administrator]],
}

# The acts of this room as the audit log words them.
ACTS: dict[str, str] = {
    "safety.banner_changed": _("Changed the banner over every page"),
    "safety.exit_changed": _("Changed the page that Leave opens"),
    "language.switched": _("Switched a language on or off"),
    "translation.approved": _("Approved a translation"),
    "translation.confirmed": _("Confirmed that a translation still stands"),
    "translation.exported": _("Exported texts to translate"),
    "translation.imported": _("Imported translations"),
    "translation.native_read": _("Confirmed a reading by a native speaker"),
    "translation.published": _("Published a translation"),
    "translation.returned": _("Gave a translation back"),
    "translation.saved": _("Saved a translation"),
    "translation.submitted": _("Handed in a translation"),
    "translation.withdrawn": _("Took a translation off the site"),
}

ROUTES = {
    "livez": Route(),
    "readyz": Route(),
    "media": Route(),
    "leave": Route("GET POST"),
    "hsds": Route(),
    "signed_in": Route("GET", ("signed_in",)),
    "choose_language": Route(),
    "demo": Route(),
    "demo_letters": Route(),
    "wagtail_serve": Route("GET POST", guests=True),
    "wagtaildocs_serve": Route(),
    "wagtailadmin_logout": Route("POST", ("signed_in",)),
    "wagtailadmin_editing_sessions:*": Route("GET POST", EDITORS, second_factor=True, by_itself=True),
    "wagtailadmin_pages:set_privacy": Route(who=NOBODY),  # no page is private: cms.public_pages
    # the order of a course is changed in its outline, which records it and asks whose course it is
    "wagtailadmin_pages:set_page_position": Route("POST", ("administrator",), second_factor=True),
    "wagtailcore_authenticate_with_password": Route(who=NOBODY),
    "wagtail*": Route("GET POST", EDITORS, second_factor=True),
    "desk:matrix": Route("GET", DESK, second_factor=True),
    "desk:next": Route("GET", DESK, second_factor=True),
    "desk:findings": Route("GET", DESK, second_factor=True),
    "desk:settle_finding": Route("POST", DESK, second_factor=True, action="translate"),
    "desk:thing": Route("GET", DESK, second_factor=True, action="translate"),
    "desk:save": Route("POST", DESK, second_factor=True, action="translate"),
    "desk:decide": Route("POST", DESK, second_factor=True, action="translate"),
    "desk:whole": Route("POST", DESK, second_factor=True, action="translate"),
    "desk:review": Route("GET", DESK, second_factor=True, action="translate"),
    "desk:export": Route("GET", DESK, second_factor=True, action="translate"),
    "desk:import": Route("GET POST", DESK, second_factor=True, action="translate"),
    "desk:languages": Route("GET POST", DESK, second_factor=True),
}
