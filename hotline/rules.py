"""Who may do what in this room."""

from accounts.rules import Route, Rules

RULES: Rules = {}

ROUTES: dict[str, Route] = {}
