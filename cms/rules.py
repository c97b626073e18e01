"""Who may open the roof's own routes, and those of the libraries under it."""

from accounts.rules import Route, Rules, is_administrator, is_manager, is_translator

EDITORS = ("manager", "administrator")

DESK = ("translator", "manager", "administrator")


def works_in(user, language) -> bool:
    """Tell whether a person works in a language."""
    return language in user.speaks


RULES: Rules = {
    "translate": [[is_translator, works_in], [is_manager], [is_administrator]],
    "read_as_native": [[is_translator, works_in], [is_manager, works_in], [is_administrator, works_in]],
    "switch_languages": [[is_administrator]],
}

ROUTES = {
    "livez": Route(),
    "readyz": Route(),
    "leave": Route("GET POST"),
    "choose_language": Route(),
    "demo": Route(),
    "demo_letters": Route(),
    "wagtail_serve": Route("GET POST"),
    "wagtaildocs_*": Route(),
    "wagtailadmin_logout": Route("POST", ("signed_in",)),
    "wagtail*": Route("GET POST", EDITORS, second_factor=True),
    "desk:matrix": Route("GET", DESK, second_factor=True),
    "desk:next": Route("GET", DESK, second_factor=True),
    "desk:thing": Route("GET", DESK, second_factor=True, action="translate"),
    "desk:save": Route("POST", DESK, second_factor=True, action="translate"),
    "desk:decide": Route("POST", DESK, second_factor=True, action="translate"),
    "desk:whole": Route("POST", DESK, second_factor=True, action="translate"),
    "desk:review": Route("GET", DESK, second_factor=True, action="translate"),
    "desk:export": Route("GET", DESK, second_factor=True, action="translate"),
    "desk:import": Route("GET POST", DESK, second_factor=True, action="translate"),
    "desk:languages": Route("GET POST", DESK, second_factor=True),
}
