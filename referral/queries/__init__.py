"""Reads of the map."""

from referral.queries.cases import cases_visible_to, history_of, own_cases, readers_of, referrals_visible_to
from referral.queries.directory import ServiceCard, areas_of, needs, open_services, service_terms, services_for
from referral.queries.runs import late_runs
from referral.queries.work import due_notices, work_count, work_list

__all__ = [
    "ServiceCard",
    "areas_of",
    "cases_visible_to",
    "due_notices",
    "history_of",
    "late_runs",
    "needs",
    "open_services",
    "own_cases",
    "readers_of",
    "referrals_visible_to",
    "service_terms",
    "services_for",
    "work_count",
    "work_list",
]
