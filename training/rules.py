"""Who may do what in this room."""

from accounts.rules import Route, Rules, is_administrator, is_analyst, is_manager, is_supervisor, is_trainer

RULES: Rules = {
    "view_completion": [[is_manager], [is_analyst], [is_supervisor], [is_trainer], [is_administrator]],
    "view_names": [[is_trainer], [is_manager]],
    "view_gates": [[is_manager], [is_administrator]],
}

NUMBERS = ("manager", "analyst", "supervisor", "trainer", "administrator")

ROUTES: dict[str, Route] = {
    "training:catalogue": Route(),
    "training:learning": Route("GET", ("signed_in",)),
    "training:move": Route("POST", ("signed_in",)),
    "training:start_test": Route("POST", ("signed_in",)),
    "training:test": Route("GET POST", ("signed_in",)),
    "training:result": Route("GET", ("signed_in",)),
    "training:completion": Route("GET", NUMBERS, second_factor=True, action="view_completion"),
    "training:completion_csv": Route(
        "POST", ("manager", "analyst", "administrator"), second_factor=True, action="view_completion"
    ),
    "training:people": Route("GET", ("trainer", "manager"), second_factor=True, action="view_names"),
    "training:gates": Route("GET", ("manager", "administrator"), second_factor=True, action="view_gates"),
    # Answers 401 itself: a page that sends from a phone cannot follow a redirect to a form.
    "training_plain:progress": Route("GET POST"),
}
