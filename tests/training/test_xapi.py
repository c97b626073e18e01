"""Statements of events, held against the rules of xAPI 1.0.3; nothing that was typed or asked is in one."""

import datetime as dt
import io
import json
import re
import uuid

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry
from tests.training.test_regrading import correct, first_two, take
from tests.training.without_account import allowed
from training import actions, progress, queries, xapi
from training.choices import Source, Verb
from training.models import Attempt, Event
from training.queries.statements import events_between, statement_lines

__all__ = ["allowed"]
BASE = "https://fanal.example"
TOLD = {"base": BASE, "numbered": actions.number_of, "with_choices": True}
AT = dt.datetime(2026, 11, 25, 10, 0, 0, 123456, tzinfo=dt.UTC)
IRI = re.compile(r"[a-z][a-z0-9+.-]*:\S+")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")
DURATION = re.compile(r"P(?!$)(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")
TOP = {
    "id",
    "actor",
    "verb",
    "object",
    "result",
    "context",
    "timestamp",
    "stored",
    "authority",
    "version",
    "attachments",
}
CONTEXT = {
    "registration", "instructor", "team", "contextActivities", "revision", "platform", "language", "statement",
    "extensions",
}  # fmt: skip
RESULT = {"score", "success", "completion", "response", "duration", "extensions"}


def check_agent(agent):
    assert set(agent) <= {"objectType", "name", "account", "mbox", "mbox_sha1sum", "openid"}
    assert len({"account", "mbox", "mbox_sha1sum", "openid"} & set(agent)) == 1
    assert set(agent["account"]) == {"homePage", "name"}
    assert IRI.fullmatch(agent["account"]["homePage"])
    assert isinstance(agent["account"]["name"], str)


def check_activity(activity):
    assert set(activity) <= {"objectType", "id", "definition"}
    assert IRI.fullmatch(activity["id"])
    assert set(activity.get("definition", {})) <= {"name", "description", "type", "moreInfo", "extensions"}
    assert IRI.fullmatch(activity.get("definition", {}).get("type", "x:y"))


def check(statement):
    """Hold a statement against the rules of xAPI 1.0.3, part two: data."""
    assert {"id", "actor", "verb", "object"} <= set(statement) <= TOP
    assert str(uuid.UUID(statement["id"])) == statement["id"]
    assert "null" not in json.dumps(statement).replace('"', " ").split()
    check_agent(statement["actor"])
    assert set(statement["verb"]) <= {"id", "display"}
    assert IRI.fullmatch(statement["verb"]["id"])
    thing = statement["object"]
    if thing["objectType"] == "StatementRef":
        assert set(thing) == {"objectType", "id"}
        uuid.UUID(thing["id"])
        assert not {"revision", "platform"} & set(statement["context"])
    else:
        check_activity(thing)
        assert statement["verb"]["id"] != xapi.VOIDED
    assert INSTANT.fullmatch(statement["timestamp"])
    assert INSTANT.fullmatch(statement["stored"])
    assert re.fullmatch(r"1\.0(\.\d+)?", statement["version"])
    context = statement["context"]
    assert set(context) <= CONTEXT
    uuid.UUID(context["registration"])
    assert all(IRI.fullmatch(key) for key in context["extensions"])
    assert re.fullmatch(r"[a-z]{2,3}(-[A-Z]{2})?", context.get("language", "en"))
    for kind, activities in context.get("contextActivities", {}).items():
        assert kind in {"parent", "grouping", "category", "other"}
        for activity in activities:
            check_activity(activity)
    if "instructor" in context:
        check_agent(context["instructor"])
    result = statement.get("result", {})
    assert set(result) <= RESULT
    assert all(IRI.fullmatch(key) for key in result.get("extensions", {}))
    assert DURATION.fullmatch(result.get("duration", "PT0S"))
    if score := result.get("score"):
        assert set(score) <= {"scaled", "raw", "min", "max"}
        assert -1 <= score["scaled"] <= 1
        assert score["min"] <= score["raw"] <= score["max"]


def happened(verb, payload, **more):
    facts = {
        "id": uuid.UUID(int=1), "learner": uuid.UUID(int=2), "enrolment": uuid.UUID(int=3), "course": "judicial",
        "version": uuid.UUID(int=4), "edition": 7, "verb": verb, "activity": str(uuid.UUID(int=5)), "place": "lesson",
        "language": "pt-br", "at": AT, "stored": AT + dt.timedelta(hours=1), "source": "web", "payload": payload,
    }  # fmt: skip
    return xapi.Happened(**facts | more)


ITEM = str(uuid.UUID(int=6))
CASES = [
    happened("opened", {}),
    happened("reached", {"screen": ITEM}),
    happened("reached", {"screen": "end"}),
    happened("acknowledged", {"block": ITEM}),
    happened("focused", {"from": 100, "to": 160}),
    happened("answered", {"item": ITEM, "turn": 1, "response": ["a", "b"]}, items={ITEM: "multiple"}),
    happened("answered", {"item": ITEM, "turn": 2, "response": [["a", "b"]], "attempt": ITEM}, items={ITEM: "match"}),
    happened("answered", {"item": ITEM, "turn": 1, "response": "Aline, 0770 000 000"}, items={ITEM: "short"}),
    happened("answered", {"item": ITEM, "turn": 1, "response": "Aline, 0770 000 000"}),
    happened("submitted", {"attempt": ITEM, "answers": []}, place="test", result=xapi.Result(5, 6, True)),
    happened("chose", {"play": ITEM, "graph": "x", "path": ["look", "ask"]}, place="scenario"),
    happened("attended", {"session": ITEM, "minutes": 30, "how": "paper"}, by=uuid.UUID(ITEM)),
    happened("waived", {"reason": "Aline, 0770 000 000"}, by=uuid.UUID(ITEM)),
    happened("moved", {"from": ITEM, "to": ITEM}, activity=""),
    happened(
        "voided", {"attempts": [], "events": [ITEM], "reason": "Aline, 0770 000 000"}, targets=(uuid.UUID(ITEM),)
    ),
    happened("voided", {"reason": "Aline, 0770 000 000"}, targets=(uuid.UUID(ITEM), uuid.UUID(int=7))),
    happened("voided", {"attempts": [], "events": [], "reason": "Aline, 0770 000 000"}),
]


@pytest.mark.parametrize("event", CASES, ids=lambda event: event.verb)
def test_each_verb_makes_statements_by_the_rules(event):
    made = list(xapi.statements_of(event, base=BASE, with_choices=True))

    for statement in made:
        check(statement)
        assert "Aline" not in json.dumps(statement)
    assert len(made) == max(1, len(event.targets))


@pytest.mark.parametrize(("since", "until", "told"), [(100, 160, "PT60S"), (100, 100, "PT0S"), (160, 100, "PT0S")])
def test_a_time_on_a_screen_is_told_as_what_lies_between(since, until, told):
    (statement,) = xapi.statements_of(happened("focused", {"from": since, "to": until}), base=BASE, with_choices=False)

    assert statement["result"] == {"duration": told}


def test_a_statement_says_who_what_when_in_which_language_and_version():
    (statement,) = xapi.statements_of(CASES[1], base=BASE, with_choices=True)

    assert statement["id"] == str(CASES[1].id)
    assert statement["actor"]["account"] == {"homePage": BASE, "name": str(uuid.UUID(int=2))}
    assert statement["verb"]["id"] == f"{BASE}/xapi/verbs/reached"
    assert statement["object"]["id"] == f"{BASE}/xapi/courses/judicial/screen/{ITEM}"
    assert (statement["timestamp"], statement["stored"]) == ("2026-11-25T10:00:00.123Z", "2026-11-25T11:00:00.123Z")
    context = statement["context"]
    assert (context["language"], context["revision"]) == ("pt-BR", "7")
    assert context["extensions"][f"{BASE}/xapi/extensions/source"] == "web"
    assert context["contextActivities"]["parent"][0]["id"].endswith(f"/lesson/{uuid.UUID(int=5)}")


def test_a_voided_event_voids_its_statement():
    (one,) = xapi.statements_of(CASES[-3], base=BASE, with_choices=True)
    several = list(xapi.statements_of(CASES[-2], base=BASE, with_choices=True))

    assert (one["verb"]["id"], one["object"]) == (xapi.VOIDED, {"objectType": "StatementRef", "id": ITEM})
    assert one["id"] == str(CASES[-3].id)
    assert len({statement["id"] for statement in several}) == 2


def test_a_chosen_answer_is_told_by_its_id_and_a_test_by_its_score():
    chosen = [
        next(iter(xapi.statements_of(CASES[place], base=BASE, with_choices=True)))["result"] for place in (5, 6, 9)
    ]

    assert [chosen[0]["response"], chosen[1]["response"]] == ["a[,]b", "a[.]b"]
    assert chosen[2]["score"] == {"raw": 5, "min": 0, "max": 6, "scaled": 0.8333}
    assert (chosen[2]["success"], chosen[2]["completion"]) == (True, True)


@pytest.fixture
def journey(official, course, lessons, enrolment, at):
    """An official read a screen and handed in a test; a manager set the test aside."""
    learner = actions.learner_of(official)
    version = enrolment.version
    lesson = progress.version_of("v", version.body).lessons[0]
    read = actions.Arrival(
        id=uuid.uuid4(), verb=Verb.REACHED, activity=lesson.id, version=str(version.public_id), language="fr",
        occurred_at=at, payload={"screen": lesson.screens[0]}, device=uuid.uuid4(), seq=1,
    )  # fmt: skip
    actions.record_events(learner=learner, arrivals=[read], source=Source.WEB, at=at)
    attempt = actions.begin_test(user=official, course=course, language="fr", at=at)
    actions.submit_attempt(attempt=attempt, responses={}, language="fr", at=at)
    Event.objects.create(
        id=uuid.uuid4(), learner=learner, enrolment=enrolment, course_version=version, verb=Verb.VOIDED, language="",
        occurred_at=at, received_at=at, source=Source.SYSTEM, sha256="x",
        payload=progress.canonical({"attempts": [str(attempt.public_id)], "events": [], "reason": "Aline"}),
    )  # fmt: skip
    return attempt


def lines(**more):
    return [json.loads(line) for line in statement_lines(events_between(None, None, **more), **TOLD)]


def test_the_events_of_a_journey_become_statements_in_few_queries(journey, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        made = lines()

    for statement in made:
        check(statement)
    assert {statement["id"] for statement in made} == {str(pk) for pk in Event.objects.values_list("pk", flat=True)}
    handed_in = next(statement for statement in made if statement["verb"]["id"].endswith("/submitted"))
    voided = next(statement for statement in made if statement["verb"]["id"] == xapi.VOIDED)
    assert handed_in["result"]["score"]["raw"] == 0
    assert voided["object"]["id"] == handed_in["id"]
    assert "Aline" not in json.dumps(made)


def test_no_name_no_address_and_no_question_leaves(journey, official, course):
    told = json.dumps(lines(), ensure_ascii=False)

    assert official.email not in told
    assert official.name not in told
    for question in course.questions.all():
        assert question.body_en[0].value["question"] not in told


@pytest.fixture
def chosen(official, course, at):
    """A test with an answer that was kept on the way."""
    attempt = actions.begin_test(user=official, course=course, language="fr", at=at)
    asked = queries.items_of(attempt)[0]
    actions.keep_answers(attempt=attempt, changes={asked.id: asked.options[-1]}, language="fr", at=at)
    return attempt, asked.options[-1]


@pytest.mark.parametrize(("role", "is_told"), [("manager", False), ("administrator", True)])
def test_who_reads_names_takes_out_no_answer_and_nobody_a_number_that_stands_on_a_page(
    sign_in, person, countries, official, chosen, role, is_told
):
    attempt, option = chosen
    client = sign_in(person(role, country=countries["HT"] if role == "manager" else None))

    sent = b"".join(client.post("/en/reports/statements.jsonl", {}).streaming_content).decode()
    again = b"".join(client.post("/en/reports/statements.jsonl", {}).streaming_content).decode()

    told = [json.loads(line) for line in sent.splitlines()]
    assert [one.get("result", {}).get("response") for one in told] == [option if is_told else None]
    assert sent == again
    for thing in (official.learner, attempt.enrolment, attempt, official):
        assert str(thing.public_id) not in sent
    assert told[0]["actor"]["account"]["name"] == str(actions.number_of(official.learner.public_id))


def test_a_manager_takes_the_statements_of_her_country_only(client, sign_in, manager, person, countries, journey):
    own = sign_in(manager).post("/en/reports/statements.jsonl", {})
    sent = b"".join(own.streaming_content).decode().splitlines()
    other = sign_in(person("manager", country=countries["TN"])).post("/en/reports/statements.jsonl", {}, follow=True)

    assert len(sent) == 3
    assert "There is no record yet, so there is no file." in other.content.decode()
    (noted,) = AuditEntry.objects.filter(verb="training.statements_exported").values_list("body", flat=True)
    assert '"rows":3' in noted


@pytest.mark.parametrize("days", [{"since": "2026-11-25"}, {"until": "2026-11-25"}])
def test_the_days_asked_for_are_both_within(client, sign_in, manager, journey, days):
    answer = sign_in(manager).post("/en/reports/statements.jsonl", days)

    assert len(b"".join(answer.streaming_content).decode().splitlines()) == 3


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ({"since": "0001-01-01"}, "Enter a day between 2000 and 2100."),
        ({"since": "2026-11-26"}, "No record lies in these days, so there is no file. Choose other days."),
        ({"until": "2026-11-24"}, "No record lies in these days, so there is no file. Choose other days."),
        ({"since": "2026-11-26", "until": "2026-11-25"}, "The last day lies before the first one."),
    ],
)
def test_days_that_cannot_be_or_have_no_record_are_answered_in_words_and_no_file_leaves(
    client, sign_in, manager, journey, days, words
):
    answer = sign_in(manager).post("/en/reports/statements.jsonl", days, follow=True)

    assert words in answer.content.decode()
    assert not AuditEntry.objects.filter(verb="training.statements_exported").exists()


def test_the_command_streams_and_is_recorded(journey, settings):
    settings.PUBLIC_URL = BASE
    out = io.StringIO()

    call_command("export_xapi", "--since", "2026-11-25", "--until", "2026-11-26T00:00:00Z", stdout=out)

    assert len(out.getvalue().splitlines()) == 3
    assert AuditEntry.objects.get(verb="training.statements_exported").actor == "export_xapi"
    with pytest.raises(CommandError, match="no day and no time"):
        call_command("export_xapi", "--since", "yesterday")
    with pytest.raises(CommandError, match="2026-11-25 00:00 UTC is not after 2026-11-26 00:00 UTC"):
        call_command("export_xapi", "--since", "2026-11-26", "--until", "2026-11-25")


def test_a_manager_of_no_country_takes_no_statement_of_who_has_no_account(allowed, person, countries, at):
    learner, enrolment, _code = actions.begin_without_account(course=allowed, country="HT", address="1", at=at)
    version = enrolment.version
    lesson = progress.version_of(str(version.public_id), version.body).lessons[0]
    read = actions.Arrival(
        id=uuid.uuid4(), verb="reached", activity=lesson.id, version=str(version.public_id), language="fr",
        occurred_at=at, payload={"screen": lesson.screens[0]}, device=uuid.uuid4(), seq=1,
    )  # fmt: skip
    actions.record_events(learner=learner, arrivals=[read], source=Source.WEB, at=at)

    assert [one["id"] for one in lines(user=person("administrator"))] == [str(read.id)]
    for country in (None, countries["HT"]):
        assert lines(user=person("manager", country=country)) == []


def test_a_test_that_was_marked_anew_has_its_new_result_in_the_statement_of_that(
    course, enrolment, manager, at, later
):
    take(enrolment, at, 2)
    before = {one["id"]: one for one in lines()}
    correct(course, later(60), *first_two(course))
    actions.regrade(course=course, by=manager, at=later(70))

    after = {one["id"]: one for one in lines()}

    assert {key: after[key] for key in before} == before
    anew = [one for one in lines() if one["verb"]["id"].endswith("/regraded")]
    assert [one["result"]["score"]["raw"] for one in anew] == [5, 6]
    first = progress.read(Event.objects.get(pk=anew[0]["id"]).payload)["item"]
    critical = progress.read(Attempt.objects.get().paper)["critical"]
    assert [one["result"]["success"] for one in anew] == [first in critical, True]  # their order is that of their ids
    for statement in anew:
        check(statement)


def test_the_statement_of_marking_anew_is_the_same_where_only_its_day_is_asked_for(
    course, enrolment, manager, at, later
):
    take(enrolment, at, 2)
    correct(course, later(60), *first_two(course))
    actions.regrade(course=course, by=manager, at=later(24 * 60))
    whole = [one for one in lines() if one["verb"]["id"].endswith("/regraded")]

    alone = [json.loads(line) for line in statement_lines(events_between(later(120), None), **TOLD)]

    assert alone == whole


def test_of_a_course_the_stream_reads_its_key_alone(enrolment, at):
    take(enrolment, at, wrong=0)

    with CaptureQueriesContext(connection) as caught:
        told = list(statement_lines(events_between(None, None), **TOLD))

    rows = next(one["sql"] for one in caught if 'FROM "training_event"' in one["sql"]).split(" FROM ")[0]
    assert len(told) > 0
    assert '"training_course"."key"' in rows
    assert "wagtailcore_page" not in rows
