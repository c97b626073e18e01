"""Every route is declared with who may open it; what is not declared does not exist."""

import importlib
from fnmatch import fnmatchcase
from functools import cache

from django.apps import apps
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import redirect

from accounts.rules import Route


@cache
def declared_routes() -> dict[str, Route]:
    """Return the ROUTES of every room, by route name; a name may end in `*`."""
    routes: dict[str, Route] = {}
    for config in apps.get_app_configs():
        if config.name in {"languages", "accounts", "training", "referral", "hotline", "cms"}:
            module = importlib.import_module(f"{config.name}.rules") if config.name != "languages" else None
            routes |= getattr(module, "ROUTES", {})
    return routes


def route_for(name: str) -> Route | None:
    """Return the declaration of a route name, exact first, then by pattern."""
    routes = declared_routes()
    if name in routes:
        return routes[name]
    return next((route for pattern, route in routes.items() if "*" in pattern and fnmatchcase(name, pattern)), None)


class DeclaredRoutes:
    """Refuses what no room declared, and whom a route does not admit."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Admit, send to sign-in or second factor, or answer 404: missing and forbidden look the same."""
        route = route_for(request.resolver_match.view_name or "")
        if route is None:
            raise Http404
        if route.is_public:
            return None
        user = request.user
        if not user.is_authenticated:
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        if "signed_in" not in route.who and not user.has_role(*route.who):
            raise Http404
        if route.second_factor and not has_second_factor(request):
            return redirect("mfa_index")
        return None


def has_second_factor(request) -> bool:
    """Tell whether this session was opened with a second factor (or by the demo's one-click sign-in)."""
    if settings.DEMO_SIGN_IN and request.session.get("demo_second_factor"):
        return True
    methods = request.session.get("account_authentication_methods", [])
    return any(method.get("method") == "mfa" for method in methods)
