"""Who may open the roof's own routes, and those of the libraries under it."""

from accounts.rules import Route

EDITORS = ("manager", "administrator")

ROUTES = {
    "livez": Route(),
    "set_language": Route("POST"),
    "wagtail_serve": Route("GET POST"),
    "wagtaildocs_*": Route(),
    "wagtailadmin_login": Route("GET POST"),
    "wagtailadmin_logout": Route("POST", ("signed_in",)),
    "wagtail*": Route("GET POST", EDITORS, second_factor=True),
    "account_*": Route("GET POST"),
    "mfa_*": Route("GET POST", ("signed_in",)),
    "usersessions_*": Route("GET POST", ("signed_in",)),
}
