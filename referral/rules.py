"""Who may do what in this room: rights on objects (RULES) and doors (ROUTES).

A case belongs to its owner, while she works in its country, who may give it to a colleague. The supervisor of the country sees codes and states, and opens
a case for an hour with a reason. No other role sees a case; being a superuser is no role. Whoever a case names finds it nowhere.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import LetterKind
from accounts.rules import Route, Rules, has_role, is_focal_point, is_manager, is_supervisor, same_country
from referral.choices import CaseState

CASE_ROLES = ("operator", "supervisor")


@dataclass(frozen=True)
class Hiding:
    """What a room above knows of the people whom a case names.

    `rows` are those that hide a case (or the cases of a list) from a person, `agencies` are the keys of the organisations
    that are not asked for it, `met` is called when one of those people asks for the page of a case.
    """

    rows: Callable[..., QuerySet]
    agencies: Callable[..., set[int]]
    met: Callable[..., None]


HIDINGS: list[Hiding] = []


def hidden(user, case="pk") -> Q:
    """Return the condition of rows of cases that are hidden from a person; `case` is the path to the case."""
    met = Q(pk__in=[])
    for hiding in HIDINGS:
        met |= Q(Exists(hiding.rows(user, OuterRef(case))))
    return met


def is_shown(user, case) -> bool:
    """Tell whether nothing hides the case from this person."""
    return not any(hiding.rows(user, case.pk).exists() for hiding in HIDINGS)


def is_owner(user, case) -> bool:
    """Tell whether the case is this person's own, and she still has cases in its country."""
    return (
        user.has_role(*CASE_ROLES) and same_country(user, case) and case.owner_id == user.pk and is_shown(user, case)
    )


def gave_reason(user, case) -> bool:
    """Tell whether this person opened the case with a reason within the last hour."""
    return case.accesses.filter(~hidden(user, "case"), user=user, ends_at__gt=timezone.now()).exists()


def is_open(user, case) -> bool:
    """Tell whether the case is open."""
    return case.state == CaseState.OPEN


def is_closed(user, case) -> bool:
    """Tell whether the case is closed."""
    return case.state == CaseState.CLOSED


def own_agency(user, organisation) -> bool:
    """Tell whether this person is the focal point of the organisation."""
    return organisation.focal_points.filter(pk=user.pk).exists()


BY_REASON = [is_supervisor, same_country, gave_reason]

RULES: Rules = {
    "edit_pathway": [[is_manager, same_country]],
    "sign_pathway": [[is_manager, same_country]],
    "give_reason": [[is_supervisor, same_country, is_shown]],
    "view_case": [[is_owner], BY_REASON],
    "edit_case": [[is_owner, is_open], [*BY_REASON, is_open]],
    "take_back": [[is_owner], BY_REASON],
    "see_identity": [[is_owner], BY_REASON],
    "refer": [[is_owner, is_open], [*BY_REASON, is_open]],
    "close_case": [[is_owner, is_open], [*BY_REASON, is_open]],
    "open_step": [[is_owner, is_open], [*BY_REASON, is_open]],
    "reopen_case": [[is_supervisor, same_country, is_closed, is_shown]],
    "hold_case": [[is_supervisor, same_country, is_shown]],
    "assign_case": [[is_supervisor, same_country, is_shown], [is_owner, is_open]],
    "open_case": [[has_role("operator")]],
    "edit_service": [[is_manager, same_country], [is_focal_point, same_country, own_agency]],
    "confirm_service": [[is_manager, same_country], [is_focal_point, same_country, own_agency]],
    "set_trust": [[is_manager, same_country]],
    "keep_agency_people": [[is_manager, same_country]],
    "see_agency_people": [
        [is_manager, same_country],
        [is_supervisor, same_country],
        [is_focal_point, same_country, own_agency],
    ],
    "add_service": [[is_manager]],
    "change_contact": [[is_manager, same_country]],
    "see_secret_place": [[is_supervisor, same_country]],
}

_CASE = Route("GET POST", CASE_ROLES, second_factor=True)
_DIRECTORY = ("operator", "supervisor", "manager", "focal_point")

# The acts of this room as the audit log words them.
ACTS: dict[str, str] = {
    "directory.areas_added": _("Added areas of a country"),
    "directory.contact_change_asked": _("Asked to change an agency's contact"),
    "directory.contact_change_dropped": _("Dropped a change of an agency's contact"),
    "directory.contact_changed": _("Changed an agency's contact"),
    "directory.contact_enrolled": _("Added an agency's contact"),
    "directory.desk_changed": _("Changed which people of this house fill a role"),
    "directory.desks_filled": _("Gave the desks of the pathway to people of this house"),
    "directory.focal_point_added": _("Put a person down for an agency"),
    "directory.focal_point_taken_off": _("Took a person off an agency"),
    "directory.hours_changed": _("Changed the opening hours of a service"),
    "directory.language_changed": _("Changed the language of the letters to an agency"),
    "directory.organisation_added": _("Added an agency"),
    "directory.organisation_changed": _("Changed an agency"),
    "directory.place_added": _("Added a place of a service"),
    "directory.place_removed": _("Took a place off a service"),
    "directory.public_number_changed": _("Changed the public number of an agency"),
    "directory.role_given": _("Let a service fill a role of the pathway"),
    "directory.role_taken": _("Took a service off a role of the pathway"),
    "directory.service_confirmed": _("Confirmed a service"),
    "directory.service_saved": _("Changed a service"),
    "directory.trust_changed": _("Changed how far an agency is checked"),
    "referral.case_assigned": _("Gave a case to another owner"),
    "referral.case_closed": _("Closed a case"),
    "referral.case_moved": _("Moved a case on"),
    "referral.case_opened": _("Opened a case"),
    "referral.case_read": _("Read a case"),
    "referral.case_reopened": _("Opened a case again"),
    "referral.code_made": _("Made a code for an agency's link"),
    "referral.consent_given": _("Wrote down a consent"),
    "referral.consent_refused": _("Wrote down that consent was refused"),
    "referral.consent_withdrawn": _("Wrote down that consent was taken back"),
    "referral.deletion_confirmed": _("Confirmed that what was shown is deleted"),
    "referral.deletion_told": _("Wrote down that an agency deleted what it was shown"),
    "referral.escalated": _("Told a role about a late step"),
    "referral.fact_read": _("Read a sealed answer"),
    "referral.hold_lifted": _("Lifted the hold on a case"),
    "referral.hold_set": _("Held a case for a court"),
    "referral.link_dead": _("A link was closed after five wrong codes"),
    "referral.link_opened": _("Opened an agency's link"),
    "referral.link_sent": _("Sent a link to an agency"),
    "referral.moved": _("Changed the state of a referral"),
    "referral.opened_with_reason": _("Opened a case with a reason"),
    "referral.pathway_edited": _("Edited a pathway"),
    "referral.pathway_published": _("Published a version of a pathway"),
    "referral.pathway_retired": _("Ended a version of a pathway"),
    "referral.pathway_signed": _("Signed a pathway"),
    "referral.shown": _("An agency was shown a referral"),
    "referral.step_opened": _("Opened a step by hand"),
}

_CALL = _("Call the agency.")
LETTERS = {
    "agency_link": LetterKind(_("A request waits for your answer"), _("The work list of the case tells of it.")),
    "agency_person": LetterKind(_("You were put down for an agency"), _("Tell the person.")),
    "recall": LetterKind(_("A request needs no answer any more"), _CALL),
    "contact_change": LetterKind(_("A new address was asked for"), _CALL),
    "contact_changed": LetterKind(_("A new address is in force"), _CALL),
    "unserved": LetterKind(_("A country without a supervisor"), _("Tell the person yourself.")),
    "escalation": LetterKind(_("Something waits in your work list"), _("It stands in the work list all the same.")),
}

ROUTES: dict[str, Route] = {
    "pathways:*": Route("GET POST", ("manager",), second_factor=True, action="edit_pathway"),
    "referral:cases": Route("GET", CASE_ROLES, second_factor=True),
    "referral:work": Route("GET POST", CASE_ROLES, second_factor=True),
    "referral:case_new": Route("GET POST", ("operator",), second_factor=True),
    "referral:case_detail": _CASE,
    "referral:case_reason": _CASE,
    "referral:case_readers": Route("GET", CASE_ROLES, second_factor=True),
    "referral:case_answer": Route("POST", CASE_ROLES, second_factor=True),
    "referral:case_step": _CASE,
    "referral:case_consent": _CASE,
    "referral:case_withdraw": _CASE,
    "referral:case_identity": _CASE,
    "referral:case_reveal": Route("POST", CASE_ROLES, second_factor=True),
    "referral:case_assign": _CASE,
    "referral:case_close": _CASE,
    "referral:case_again": _CASE,
    "referral:ask_again": _CASE,
    "referral:case_reopen": _CASE,
    "referral:case_hold": Route("GET POST", ("supervisor",), second_factor=True),
    "referral:refer": _CASE,
    "referral:referral_answer": _CASE,
    "referral:referral_progress": _CASE,
    "referral:referral_deleted": _CASE,
    "referral:agency_number": Route("POST", CASE_ROLES, second_factor=True),
    "referral:referral_code": Route("POST", CASE_ROLES, second_factor=True),
    "referral:agency": Route("GET POST"),
    "referral:directory": Route("GET", _DIRECTORY, second_factor=True),
    "referral:service": Route("GET", _DIRECTORY, second_factor=True),
    "referral:service_new": Route("GET POST", ("manager",), second_factor=True),
    "referral:service_edit": Route("GET POST", ("manager", "focal_point"), second_factor=True),
    "referral:service_confirm": Route("POST", ("manager", "focal_point"), second_factor=True),
    "referral:contact_change": Route("GET POST", ("manager",), second_factor=True),
    "referral:public_number": Route("GET POST", ("manager", "focal_point"), second_factor=True),
    "referral:organisation": Route("GET", _DIRECTORY, second_factor=True),
    "referral:organisation_edit": Route("GET POST", ("manager", "focal_point"), second_factor=True),
    "referral:organisation_language": Route("GET POST", ("manager", "focal_point"), second_factor=True),
    "referral:organisation_trust": Route("GET POST", ("manager",), second_factor=True),
    "referral:organisation_person_add": Route("POST", ("manager",), second_factor=True),
    "referral:organisation_person_off": Route("POST", ("manager",), second_factor=True),
    "referral:roles": Route("GET", ("manager",), second_factor=True),
    "referral:role": Route("GET POST", ("manager",), second_factor=True),
    "referral:role_desk": Route("POST", ("manager",), second_factor=True),
    "referral:role_off": Route("POST", ("manager",), second_factor=True),
    "referral:service_hours": Route("GET POST", ("manager", "focal_point"), second_factor=True),
    "referral:place_new": Route("GET POST", ("manager", "focal_point"), second_factor=True),
    "referral:place_remove": Route("POST", ("manager", "focal_point"), second_factor=True),
    "referral:place_reveal": Route("POST", ("supervisor",), second_factor=True),
    "referral:requests": Route("GET", ("focal_point",), second_factor=True),
    "referral:find_help": Route("GET"),
}
