"""Who may open the roof's own routes, and those of the libraries under it."""

from accounts.rules import Route

EDITORS = ("manager", "administrator")

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
}
