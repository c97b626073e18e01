"""Answers of a sheet in the names and code lists of HTCDS 2.0 (IOM, CC BY 4.0, see SOURCES.md). Pure: values in, values out.

Only fields that a call can tell, and none that names a person. A call never says that somebody is a victim: the status is
"possible victim" or nothing. The date of referral means the month, and is its first day. What HTCDS has no word for
(isolation, restricted movement) is told as Other. What was not asked, or is not known, is left empty: it is no "no".
"""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path

STANDARD = "HTCDS 2.0"
ATTRIBUTION = "Field names and code lists: HTCDS 2.0, International Organization for Migration (IOM), CC BY 4.0"
FIELDS = (
    "cas_IncomingReferralDate", "con_Consent", "prs_Gender", "prs_PrimaryLanguage", "prs_Citizenship",
    "vic_TraffickingStatus", "vic_MethodOfRecruitment", "vic_MethodsOfControl", "vic_TypeOfExploitation",
    "vic_ForcedLabourIndustry", "vic_RelationshipToTrafficker", "hte_Type", "hte_Country",
)  # fmt: skip
MANY = frozenset({"prs_Citizenship", "vic_MethodOfRecruitment", "vic_MethodsOfControl", "vic_TypeOfExploitation"})
SEPARATOR = ";"
SMALLEST = 10  # records of a file, and records that share what a cell of it says
EMPTY = {"prs_Gender": "NonSpecifiedUnknown"}  # every other field is left empty

YES = "yes"
SEXES = {"female": "Feminine", "male": "Masculine", "other": "NonConforming"}
# ISO 639-2, as the standard asks.
LANGUAGES = {
    "en": "eng", "fr": "fra", "es": "spa", "pt": "por", "pt-br": "por", "ar": "ara", "ht": "hat", "rw": "kin",
    "wo": "wol", "bn": "ben", "id": "ind", "th": "tha", "mg": "mlg", "ny": "nya", "sw": "swa",
}  # fmt: skip
CONTROLS = {
    "sign_documents": "WithholdsDocuments", "sign_wages": "TakesEarnings", "sign_debt": "DebtBondage",
    "sign_deception": "FalsePromises", "sign_hours": "ExcessiveWorkingHours", "sign_conditions": "WithholdsNecessities",
    "sign_isolation": "Other", "sign_movement": "Other",
}  # fmt: skip
THREATS = {"hurt": "PhysicalThreats", "police": "ThreatsLawEnforcement", "family": "ThreatensChildrenFamily"}
VIOLENCE = {"body": "PhysicalAbuse", "sexual": "SexualAbuse"}
TYPES = {
    "forced_labour": "ForcedLabour", "domestic": "Servitude", "sexual": "SexualExploitation",
    "marriage": "ForcedMarriage", "begging": "ForcedBegging", "crime": "Other", "organs": "OrganRemoval", "other": "Other",
}  # fmt: skip
INDUSTRIES = {
    "homes": "T_ActivitiesOfHouseholdsAsEmployers", "farming": "A_AgricultureForestryAndFishing",
    "building": "F_Construction", "mining": "B_MiningAndQuarrying", "factory": "C_Manufacturing",
    "hotels": "I_AccommodationAndFoodServiceActivities", "trade": "G_WholesaleAndRetailTradeRepairOfMotorVehicles",
    "transport": "H_TransportationAndStorage", "cleaning": "N_AdministrativeAndSupportServiceActivities",
    "care": "Q_HumanHealthAndSocialWorkActivities", "entertainment": "R_ArtsEntertainmentAndRecreation",
    "other": "S_OtherServiceActivities",
}  # fmt: skip
BEGINNINGS = {
    "family": "ThroughFamilyOrFamilyEvents", "friends": "ThroughFriendsOrSocialEvents", "work": "AtWork",
    "business": "AtAPlaceOfBusiness", "school": "AtAnEducationalInstitution", "networks": "ThroughOnlineSocialNetworks",
    "online": "ThroughAnOnlineAdvertisement", "television": "ThroughATelevisionAdvert",
    "newspaper": "ThroughANewspaperAdvert", "other": "Other",
}  # fmt: skip
RELATIONS = {"family": "Familial", "known": "Acquainted", "stranger": "Unaquainted"}

Record = dict[str, object]
Cell = tuple[object, ...]  # the values that stand in one cell; none where it is empty


@dataclass(frozen=True)
class Told:
    """What a contact told: the day it came, the country of its line (ISO 3166, two letters), language, answers."""

    day: date
    country: str
    language: str
    answers: Mapping[str, object]


class NotInTheList(ValueError):
    """Raised for a value that the standard's list of a field does not have."""


def _lists() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    with (Path(__file__).parent / "codelists.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["field"], []).append(row["value_name"])
    return {name: tuple(values) for name, values in found.items()}


LISTS = _lists()


def may_leave(answers: Mapping[str, object]) -> bool:
    """Tell whether a contact may stand in a file for others: the person said yes to being counted, and nothing less."""
    return answers.get("consent_research") == YES and answers.get("consent_case") == YES


def record_of(told: Told) -> Record:
    """Return a contact as a record of the standard, its day as the first one of its month; raise NotInTheList for a strange value."""
    answers = told.answers
    controls = _controls(answers)
    signs = [key for key, answer in answers.items() if key.startswith("sign_") and answer == YES]
    happened_here = answers.get("happened_here") == YES
    record: Record = {
        "cas_IncomingReferralDate": told.day.replace(day=1).isoformat(),
        "con_Consent": may_leave(answers),
        "prs_Gender": SEXES.get(str(answers.get("sex")), "NonSpecifiedUnknown"),
        "prs_PrimaryLanguage": LANGUAGES.get(told.language, ""),
        "prs_Citizenship": [told.country] if answers.get("national") == YES else [],
        "vic_TraffickingStatus": "PossibleVictimOfTrafficking" if signs else "",
        "vic_MethodOfRecruitment": _several(BEGINNINGS, answers.get("beginning")),
        "vic_MethodsOfControl": controls,
        "vic_TypeOfExploitation": _several(TYPES, answers.get("exploitation")),
        "vic_ForcedLabourIndustry": INDUSTRIES.get(str(answers.get("work")), ""),
        "vic_RelationshipToTrafficker": RELATIONS.get(str(answers.get("relation")), ""),
        "hte_Type": "Exploitation" if happened_here else "",
        "hte_Country": told.country if happened_here else "",
    }
    check(record)
    return record


def _controls(answers: Mapping[str, object]) -> list[str]:
    """Return the means of control: what a yes to threats or violence means more exactly is told only where it was asked."""
    found = [word for key, word in CONTROLS.items() if answers.get(key) == YES]
    for key, how, words in (("sign_threats", "threats_how", THREATS), ("sign_violence", "violence_how", VIOLENCE)):
        if answers.get(key) == YES:
            found += _several(words, answers.get(how)) or ["Other"]
    return sorted(dict.fromkeys(found), key=LISTS["vic_MethodsOfControl"].index)


def _several(words: Mapping[str, str], given: object) -> list[str]:
    chosen = [words[code] for code in given if code in words] if isinstance(given, list | tuple) else []
    return list(dict.fromkeys(chosen))


def check(record: Record) -> None:
    """Raise NotInTheList for a field that the standard's file has not, and a value outside its list."""
    for name, value in record.items():
        if name not in FIELDS:
            raise NotInTheList(name)
        values = value if isinstance(value, list) else [value]
        if name in LISTS and any(one and one not in LISTS[name] for one in values):
            raise NotInTheList(f"{name}: {value}")


def guarded(records: Sequence[Record]) -> list[Record]:
    """Return records that may leave the house: none where they are few, and in each field nothing that few of them share.

    What a cell says, the empty one too, stands in ten records or in none, and so does each value of a list. That is so of each
    field by itself: several fields together may still be those of one person. The order is that of the words and tells nothing.
    """
    if len(records) < SMALLEST:
        return []
    rows = [dict(record) for record in records]
    for name in rows[0]:
        for row, cell in zip(rows, _shared([_members(name, row[name]) for row in rows]), strict=True):
            row[name] = list(cell) if name in MANY else cell[0] if cell else EMPTY.get(name, "")
    return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))


def _members(name: str, value: object) -> Cell:
    if isinstance(value, list):
        return tuple(value)
    return () if value == EMPTY.get(name, "") else (value,)


def _shared(cells: Sequence[Cell]) -> list[Cell]:
    """Return the cells of a field without what fewer than ten share: of the longest first, the value that the fewest have.

    Where few are empty at the end, their being empty would tell of them: the cell that the fewest share is emptied with them.
    """
    found = list(cells)
    while few := [cell for cell, many in Counter(found).items() if cell and many < SMALLEST]:
        longest, having = max(map(len, few)), Counter(chain.from_iterable(found))
        less = {cell: _without_rarest(cell, having) for cell in few if len(cell) == longest}
        found = [less.get(cell, cell) for cell in found]
    shared = Counter(found)
    if 0 < shared.pop((), 0) < SMALLEST:
        least = min(shared, key=lambda cell: (shared[cell], str(cell)))
        found = [() if cell == least else cell for cell in found]
    return found


def _without_rarest(cell: Cell, having: Mapping[object, int]) -> Cell:
    rarest = min(cell, key=lambda one: (having[one], str(one)))
    return tuple(one for one in cell if one != rarest)


def _key(value: object) -> str:
    return SEPARATOR.join(value) if isinstance(value, list) else str(value)


def cells(records: Iterable[Record]) -> list[list[str]]:
    """Return records as rows of cells in the order of the fields; several values stand in one cell."""
    return [[_cell(record[name]) for name in FIELDS] for record in records]


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _key(value)


def as_json(records: Sequence[Record], mark: Mapping[str, str]) -> str:
    """Return records as a document that names the standard, its licence and who took it out."""
    body = {"standard": STANDARD, "attribution": ATTRIBUTION, "exported": dict(mark), "records": list(records)}
    return json.dumps(body, ensure_ascii=False, indent=1)


def as_csv(records: Iterable[Record]) -> str:
    """Return records as text, a line each below the names of the fields, and nothing else: machines read it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(FIELDS)
    writer.writerows(cells(records))
    return out.getvalue()
