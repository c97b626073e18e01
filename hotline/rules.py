"""Who may do what on the hotline, and who may open its routes.

`RULES`: action -> any of (all of conditions). A contact belongs to the country of its line, and is handled by that country's people.
"""

from accounts.rules import Route, Rules, is_operator, is_supervisor, same_country

HOOK = Route("POST", ("public",), action="signed webhook")

RULES: Rules = {
    "take_call": [[is_operator, same_country], [is_supervisor, same_country]],
    "edit_sheet": [[is_operator, same_country], [is_supervisor, same_country]],
    "see_number": [[is_operator, same_country], [is_supervisor, same_country]],
    "hear_message": [[is_operator, same_country], [is_supervisor, same_country]],
    "see_log": [[is_operator, same_country], [is_supervisor, same_country]],
    "export_log": [[is_supervisor, same_country]],
    "edit_roster": [[is_supervisor, same_country]],
    "set_mode": [[is_supervisor, same_country]],
    "send_message": [[is_operator, same_country], [is_supervisor, same_country]],
    "erase_contact": [[is_supervisor, same_country]],
}

ROUTES: dict[str, Route] = {
    "hotline_plain:voice": HOOK,
    "hotline_plain:voice_step": HOOK,
    "hotline_plain:status": HOOK,
    "hotline_plain:message": HOOK,
    "hotline_plain:message_status": HOOK,
    "hotline_plain:audio": Route("GET", ("public",)),
}
