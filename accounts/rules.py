"""Who may do what: base conditions, the one question `allowed`, and the routes of this room.

`RULES`: action -> any of (all of conditions); an empty list is nobody.
`ROUTES`: route name -> Route; accounts.middleware.DeclaredRoutes enforces it, an undeclared route answers 404.
"""

from collections.abc import Callable
from dataclasses import dataclass

Condition = Callable[[object, object], bool]
Rules = dict[str, list[list[Condition]]]


@dataclass(frozen=True)
class Route:
    """How a route is guarded: methods, who (`public`, `signed_in`, or role codes), second factor, audit action."""

    methods: str = "GET"
    who: tuple[str, ...] = ("public",)
    second_factor: bool = False
    action: str = ""

    @property
    def is_public(self) -> bool:
        """Tell whether anybody may open the route."""
        return "public" in self.who


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

STAFF = ("trainer", "operator", "supervisor", "manager", "translator", "analyst", "administrator")

RULES: Rules = {
    "invite": [[is_administrator]],
    "import_officials": [[is_administrator], [is_manager]],
    "change_roles": [[is_administrator]],
    "view_audit": [[is_administrator]],
    "edit_country": [[is_administrator], [is_manager, same_country]],
}

ROUTES: dict[str, Route] = {}
