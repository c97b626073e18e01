"""Answers of a sheet in the words of HTCDS: against the standard's own fields, and what never leaves the house."""

import csv
import datetime as dt
import json
import random
from collections import Counter
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from accounts.models import AuditEntry
from hotline import htcds, triage
from hotline.figures import counted
from hotline.models import Contact, DayFigures, Line, Sheet, Shield

FIELDS = {row["name"]: row for row in json.loads((Path(__file__).parents[1] / "data/htcds/htcds-2.0-fields.json").read_text("utf-8"))}  # fmt: skip
QUARTER, AGO = "2026-07-01", dt.timedelta(days=90)
YES = {"consent_case": "yes", "consent_research": "yes"}


def record(language="ht", **answers):
    return htcds.record_of(htcds.Told(dt.date(2026, 11, 18), "LR", language, YES | answers))


def test_fields_lists_and_kinds_are_the_standards_own_and_none_is_deprecated():
    assert set(htcds.FIELDS) <= set(FIELDS)
    assert {FIELDS[name]["status"] for name in htcds.FIELDS} == {"DRAFT"}
    assert {name: list(values) for name, values in htcds.LISTS.items()} == {name: FIELDS[name]["value_names"] for name in htcds.LISTS}  # fmt: skip
    assert {name for name in htcds.FIELDS if FIELDS[name]["type"] == "Multiselect Picklist"} == htcds.MANY


def test_every_answer_of_the_house_has_a_value_of_the_list_or_none():
    tables = {
        "work": htcds.INDUSTRIES, "beginning": htcds.BEGINNINGS, "relation": htcds.RELATIONS, "exploitation": htcds.TYPES,
        "threats_how": htcds.THREATS, "violence_how": htcds.VIOLENCE, "sex": htcds.SEXES,
    }  # fmt: skip
    for key, table in tables.items():
        assert set(table) == set(triage.HOUSE.by_key[key].codes), key
    assert set(htcds.CONTROLS) | {"sign_threats", "sign_violence", "sign_vulnerability"} == set(triage.SIGN_KEYS)
    every = record(**{q.key: [*q.codes] if q.kind == "many" else sorted(q.codes)[0] if q.codes else "yes" for q in triage.HOUSE.questions})  # fmt: skip
    assert set(every) == set(htcds.FIELDS)
    for name, value in every.items():
        for one in value if isinstance(value, list) else [value]:
            assert name not in htcds.LISTS or one in FIELDS[name]["value_names"]


def test_what_was_not_asked_or_is_not_known_is_told_as_nothing_and_never_as_no():
    empty = {"prs_Gender": "NonSpecifiedUnknown", "prs_PrimaryLanguage": "hat", "con_Consent": True, "cas_IncomingReferralDate": "2026-11-01"}  # fmt: skip
    unknown = dict.fromkeys(triage.HOUSE.by_key, "unknown") | YES

    for told in (record(), htcds.record_of(htcds.Told(dt.date(2026, 11, 2), "LR", "ht", unknown))):
        assert {name: value for name, value in told.items() if value not in ("", [])} == empty


def test_a_call_says_no_more_than_possible_victim_and_no_more_than_was_asked():
    told = record(sign_threats="yes", sign_violence="yes", sign_movement="yes", sign_documents="yes", violence_how=["sexual"], threats_how="unknown", national="yes", happened_here="no")  # fmt: skip

    assert told["vic_TraffickingStatus"] == "PossibleVictimOfTrafficking"
    assert told["vic_MethodsOfControl"] == ["SexualAbuse", "WithholdsDocuments", "Other"]
    assert (told["prs_Citizenship"], told["hte_Type"], told["hte_Country"]) == (["LR"], "", "")
    assert record(sign_threats="no", threats_how=["hurt"])["vic_MethodsOfControl"] == []
    with pytest.raises(htcds.NotInTheList):
        htcds.check({"prs_Gender": "Woman"})
    with pytest.raises(htcds.NotInTheList):
        htcds.check({"prs_FirstName": "Ama"})


def of_month(month, country="LR", language="en", **answers):
    return htcds.record_of(htcds.Told(dt.date(2026, month, 18), country, language, YES | answers))


def drawn(seed, many):
    """Return records as they may come: most answers as most people give them, some that hardly anybody gives."""
    draw = random.Random(seed)  # noqa: S311 - the same on every run

    def answer(question):
        if draw.random() < 0.3:
            return "unknown"
        if question.kind == "many":
            return [code for place, code in enumerate(question.codes) if draw.random() < 1 / (place + 1.3)]
        return draw.choices(sorted(question.codes), [4**-place for place in range(len(question.codes))])[0]

    asked = [question for question in triage.HOUSE.questions if question.codes]
    return [
        of_month(draw.choice([7, 7, 8, 9]), language=draw.choice(["en"] * 9 + ["fr", "ht"]), **{
            question.key: answer(question) for question in asked if question.key not in YES
        })
        for _one in range(many)
    ]  # fmt: skip


def told_by_few(rows):
    """Return what stands in one to nine records, or is missing in so few: cells, and each value of a list by itself."""
    found = []
    for name in htcds.FIELDS:
        cells = [tuple(row[name]) if name in htcds.MANY else (row[name],) for row in rows]
        values = {value for cell in cells for value in cell}
        having = [sum(value in cell for cell in cells) for value in values]
        found += [(name, many) for many in [*Counter(cells).values(), *having, *(len(rows) - one for one in having)] if 0 < many < 10]  # fmt: skip
    return found


@pytest.mark.parametrize("many", [10, 11, 19, 20, 35, 80, 300])
def test_nothing_that_a_field_of_the_file_says_or_leaves_out_is_of_one_to_nine_people(many):
    for seed in range(12):
        records = drawn(seed, many)
        rows = htcds.guarded(records)

        assert told_by_few(records)
        assert told_by_few(rows) == []
        assert len(rows) == many
        assert rows == htcds.guarded(rows[::-1])


@pytest.mark.parametrize("other", [
    {"month": 9}, {"language": "th"}, {"sex": "male"}, {"national": "no"}, {"sign_debt": "no"}, {"sign_hours": "yes"},
    {"exploitation": ["sexual"]}, {"exploitation": ["domestic", "sexual"]}, {"exploitation": "unknown"},
    {"beginning": ["work"]}, {"relation": "stranger"}, {"work": "mining"}, {"happened_here": "no"},
])  # fmt: skip
@pytest.mark.parametrize("few", [1, 9])
def test_who_differs_from_all_others_in_one_answer_is_told_by_no_field(other, few):
    same = {
        "month": 8, "language": "en", "sex": "female", "national": "yes", "sign_debt": "yes", "exploitation": ["domestic"],
        "beginning": ["family"], "relation": "family", "work": "homes", "happened_here": "yes",
    }  # fmt: skip
    rows = htcds.guarded([of_month(**same)] * 11 + [of_month(**same | other)] * few)

    assert told_by_few([of_month(**same)] * 11 + [of_month(**same | other)] * few)
    assert told_by_few(rows) == []
    assert {one["prs_Gender"] for one in rows} == {"NonSpecifiedUnknown" if "sex" in other else "Feminine"}


def test_few_people_are_no_file_and_what_ten_share_stays_where_ten_do_not_say_it():
    first = {"sex": "female", "exploitation": ["domestic"], "relation": "family"}
    other = {"sex": "male", "exploitation": ["forced_labour", "domestic"], "sign_debt": "yes"}
    rows = htcds.guarded([of_month(7, **first)] * 10 + [of_month(8, **other)] * 10 + [of_month(8, exploitation=["domestic", "sexual"], sex="other")])  # fmt: skip

    def count(name):
        return Counter(";".join(row[name]) if name in htcds.MANY else row[name] for row in rows)

    assert htcds.guarded([of_month(7, **first)] * 9) == []
    assert count("cas_IncomingReferralDate") == {"2026-07-01": 10, "2026-08-01": 11}
    assert count("vic_TypeOfExploitation") == {"Servitude": 11, "ForcedLabour;Servitude": 10}
    assert count("vic_RelationshipToTrafficker") == {"Familial": 10, "": 11}
    assert count("vic_MethodsOfControl") == {"DebtBondage": 10, "": 11}
    assert count("prs_Gender") == {"Masculine": 10, "NonSpecifiedUnknown": 11}
    assert count("con_Consent") == {True: 21}


@pytest.fixture
def sheets(line, liberia, at):
    """A factory of contacts whose sheet has answers."""
    Line.objects.filter(pk=line.pk).update(is_practice=False, other_number="+231770000001")

    then = at - AGO
    for day in (then - AGO, then):
        DayFigures.objects.create(line=line, day=day.date(), body=counted([]), counted_at=at)

    def make(many=1, **answers):
        found = []
        for _one in range(many):
            row = Contact.objects.create(line=line, country=liberia, language="en", started_at=then, changed_at=then)
            Sheet.objects.create(contact=row, version=1, answers=YES | answers, saved_at=at)
            found.append(row)
        return found

    return make


def send(browser, kind, **told):
    first = {"quarter": QUARTER, "reason": "report"}
    return browser.post(reverse("hotline:htcds_file", args=[kind]), first | told, follow=True)


@pytest.mark.django_db
def test_the_file_holds_who_said_yes_and_nobody_else_and_who_took_it_stands_in_the_log(sheets, person, liberia, sign_in, at):  # fmt: skip
    sheets(10, sex="female", sign_debt="yes")
    sheets(9, sex="female")
    sheets(1, consent_research="no")
    sheets(1, consent_research="unknown")
    (hidden, erased, practice, caller) = sheets(4)
    Shield.objects.create(contact=hidden, kind="police", set_by="x", set_at=at)
    Contact.objects.filter(pk=erased.pk).update(erased_at=at)
    Contact.objects.filter(pk=practice.pk).update(is_practice=True)
    browser = sign_in(person("supervisor", country=liberia))

    rows = list(csv.DictReader(send(browser, "csv").content.decode().splitlines()))
    told = json.loads(send(browser, "json").content)

    assert list(rows[0]) == list(htcds.FIELDS)
    assert len(rows) == 20 == len(told["records"])
    assert [row["vic_MethodsOfControl"] for row in rows].count("DebtBondage") == 10
    assert "CC BY 4.0" in told["attribution"]
    assert told["exported"]["audit"] == str(AuditEntry.objects.filter(verb="hotline.htcds_exported").latest("seq").seq)
    since, until = QUARTER, "2026-09-30"
    assert told["exported"] | {"country": "LR", "since": since, "until": until} == told["exported"]
    assert f'"htcds-2.0-LR-{since}-to-{until}-made-' in send(browser, "csv")["Content-Disposition"]
    assert caller.code not in json.dumps(told)
    assert "people said yes" in send(browser, "csv", quarter="2026-04-01").content.decode()
    assert send(browser, "xlsx").status_code == 404
    assert "Choose a quarter that is over" in send(browser, "csv", reason="").content.decode()
    assert send(sign_in(person("operator", country=liberia)), "csv").status_code in (403, 404)


@pytest.mark.django_db
def test_a_form_without_a_reason_comes_back_with_its_fault_beside_the_field(sheets, person, liberia, sign_in):
    answer = send(sign_in(person("supervisor", country=liberia)), "csv", reason="")

    card = BeautifulSoup(answer.content, "html.parser").find(id="htcds").parent
    assert answer.status_code == 422
    assert card.find(id="errors").a["href"] == "#records_reason"
    assert "Choose a quarter that is over, and a reason." in card.find(id="errors").text
    assert card.find(id="errors").has_attr("autofocus")
    assert card.find(id="records_reason")["aria-invalid"] == "true"
    assert card.select_one("#records_quarter option[selected]")["value"] == QUARTER


@pytest.mark.django_db
def test_the_page_says_that_its_date_means_the_month(sheets, person, liberia, sign_in):
    page = sign_in(person("supervisor", country=liberia)).get(reverse("hotline:figures")).content.decode()

    told = BeautifulSoup(page, "html.parser").find(id="htcds").parent.get_text(" ", strip=True)
    assert "means the month: it is always its first day, whenever the person called." in told
    assert "cas_IncomingReferralDate" in told


@pytest.mark.django_db
def test_a_file_of_a_country_that_only_practises_says_so_and_rehearsals_are_in_none(sheets, person, liberia, sign_in, line, at):  # fmt: skip
    found = sheets(12, sex="female")
    Contact.objects.update(is_practice=True)
    Contact.objects.filter(pk=found[0].pk).update(flags="simulated rehearsed")
    browser = sign_in(person("supervisor", country=liberia))

    of_both = send(browser, "json").content.decode()
    Line.objects.filter(pk=line.pk).update(is_practice=True)
    answer = send(browser, "json")
    told = json.loads(answer.content)

    assert "people said yes" in of_both
    assert len(told["records"]) == 11
    assert told["exported"]["practice"] == "yes"
    assert 'filename="htcds-2.0-practice-LR-' in answer["Content-Disposition"]


@pytest.mark.django_db
@pytest.mark.parametrize("days", [
    {"quarter": "2026-07-02"}, {"quarter": "2026-10-01"}, {"quarter": ""}, {"quarter": "x"},
    {"quarter": "", "since": "2026-08-01", "until": "2026-08-31"},
])  # fmt: skip
def test_no_two_files_have_days_in_common(sheets, person, liberia, sign_in, at, time_machine, days):
    time_machine.move_to(at, tick=False)
    sheets(12, sex="female")
    browser = sign_in(person("supervisor", country=liberia))

    assert "Choose a quarter that is over" in send(browser, "csv", **days).content.decode()
    assert not AuditEntry.objects.filter(verb="hotline.htcds_exported").exists()
    both = [json.loads(send(browser, "json", **told).content)["exported"]
            for told in ({}, {"since": "2026-08-01", "until": "2026-08-02"})]  # fmt: skip
    assert {(one["since"], one["until"]) for one in both} == {("2026-07-01", "2026-09-30")}


@pytest.mark.django_db
def test_the_file_is_found_from_the_top_of_the_figures_and_offers_the_quarters_that_are_over(
    sheets, person, liberia, sign_in, line, at, time_machine
):
    time_machine.move_to(at, tick=False)
    browser = sign_in(person("manager", country=liberia))
    page = browser.get(reverse("hotline:figures"))
    DayFigures.objects.filter(day__lt=(at - AGO).date()).delete()
    DayFigures.objects.update(day=at.date())
    later = browser.get(reverse("hotline:figures"))

    assert '<a href="#htcds">' in page.content.decode()
    assert [day for day, _words in page.context["htcds_form"].fields["quarter"].choices] == [
        "2026-07-01",
        "2026-04-01",
    ]
    assert later.context["htcds_form"] is None
    assert "No whole quarter of this country is over yet." in later.content.decode()
    assert '<a href="#htcds">' not in sign_in(person("operator", country=liberia)).get(reverse("hotline:figures")).content.decode()  # fmt: skip
