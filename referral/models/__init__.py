"""Rows of the map: directory, pathways, cases."""

from referral.models.cases import Case, CaseAccess, CaseEvent, Escalation, FactValue, Notice, StepRun
from referral.models.consents import Consent, ConsentLine, Disclosure
from referral.models.directory import (
    AgencyContact,
    Area,
    Capacity,
    Count,
    Eligibility,
    Hours,
    Organisation,
    Place,
    RoleAssignment,
    Service,
)
from referral.models.pathways import Pathway, PathwayEdit
from referral.models.referrals import AgencyLink, Referral
from referral.models.steps import (
    EscalationRule,
    Fact,
    FactChoice,
    PathwayPart,
    PathwayRole,
    SharingProfile,
    Step,
    StepWindow,
    Transition,
)
from referral.models.versions import PathwayVersion, Retirement, Signature, VersionIsFrozen

__all__ = [
    "AgencyContact",
    "AgencyLink",
    "Area",
    "Capacity",
    "Count",
    "Case",
    "CaseAccess",
    "CaseEvent",
    "Consent",
    "ConsentLine",
    "Disclosure",
    "Eligibility",
    "Escalation",
    "EscalationRule",
    "Fact",
    "FactChoice",
    "FactValue",
    "Hours",
    "Notice",
    "Organisation",
    "Pathway",
    "PathwayEdit",
    "PathwayPart",
    "PathwayRole",
    "PathwayVersion",
    "Place",
    "Referral",
    "Retirement",
    "RoleAssignment",
    "Service",
    "SharingProfile",
    "Signature",
    "Step",
    "StepRun",
    "StepWindow",
    "Transition",
    "VersionIsFrozen",
]
