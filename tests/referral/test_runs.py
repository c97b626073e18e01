"""One event at a time: repeats without effect, late comers refused, rows equal to the replay, personal words sealed."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import AuditEntry, DataKey
from referral import actions, pathways
from referral.models import Case, CaseEvent, FactValue, StepRun
from referral.queries import runs
from referral.queries.cases import history_of


def stored(case):
    rows = StepRun.objects.filter(case=case).order_by("number")
    return [(row.number, row.step_key, row.state, row.outcome, row.ended_at) for row in rows]


def replayed(case):
    state = runs.engine_state(case).state
    return [(run.number, run.step, run.state, run.outcome, run.ended_at) for run in state.runs]


def test_open_case_twice_with_one_key_opens_one(version, operator, at):
    first = actions.open_case(
        country=version.country, facts={}, language="en", source="call", key="k", by=operator, at=at
    )
    second = actions.open_case(
        country=version.country, facts={}, language="fr", source="web", key="k", by=operator, at=at
    )

    assert first == second
    assert Case.objects.count() == 1


def test_a_country_without_pathway_opens_nothing(liberia, operator, at):
    with pytest.raises(actions.NoPathwayForCountry):
        actions.open_case(country=liberia, facts={}, language="en", source="call", key="k", by=operator, at=at)

    assert Case.objects.count() == 0


def test_a_case_starts_in_screening_with_a_due_time_and_its_basis(new_case, open_run):
    run = open_run(new_case(), "screening")

    assert (run.due_at is not None, run.basis) == (True, "default")


def test_a_repeat_changes_nothing(new_case, operator, at):
    case = new_case(facts={})

    first = actions.answer(case=case, facts={"age": 20}, source="call", key="same", by=operator, at=at)
    second = actions.answer(case=case, facts={"age": 20}, source="call", key="same", by=operator, at=at)

    assert (first.is_repeat, second.is_repeat) == (False, True)
    assert json.loads(FactValue.objects.get(key="age").value) == 20


def test_of_two_who_saw_the_same_page_the_second_is_told(new_case, operator, person, liberia, at, keys):
    case = new_case()
    seen = case.event_count

    actions.answer(case=case, facts={"national": True}, source="call", key=next(keys), by=operator, at=at, seen=seen)

    with pytest.raises(actions.CaseMovedOn):
        actions.answer(
            case=case, facts={"national": False}, source="call", key=next(keys), by=operator, at=at, seen=seen
        )


def test_a_closed_case_takes_no_event(new_case, open_run, operator, at, keys):
    case = new_case()
    number = open_run(case, "screening").number
    actions.close_case(
        case=case,
        reason="opened_in_error",
        outcome="not_known",
        feedback_asked=False,
        key=next(keys),
        by=operator,
        at=at,
    )

    with pytest.raises(actions.CaseAlreadyClosed):
        actions.finish(case=case, run=number, key=next(keys), by=operator, at=at)


def test_unknown_outcome_and_a_step_that_is_not_open_are_refused(new_case, open_run, operator, at, keys):
    case = new_case()
    number = open_run(case, "screening").number
    actions.finish(case=case, run=number, key=next(keys), by=operator, at=at)

    with pytest.raises(pathways.EventRefused):
        actions.finish(case=case, run=number, key=next(keys), by=operator, at=at)
    with pytest.raises(pathways.EventRefused):
        actions.decide(case=case, run=99, outcome="given", key=next(keys), by=operator, at=at)


@pytest.mark.parametrize(
    "facts",
    [{"age": "twelve"}, {"age": -1}, {"age": 200}, {"age": True}, {"sex": "unknown"}, {"needs": ["gold"]},
     {"immediate_danger": "yes"}, {"violence_at": "2030-01-01T00:00:00+00:00"}, {"violence_at": "yesterday"}],
)  # fmt: skip
def test_a_value_its_question_does_not_take_is_refused_and_nothing_is_written(new_case, operator, at, keys, facts):
    case = new_case(facts={})

    with pytest.raises(actions.FactDoesNotFit):
        actions.answer(case=case, facts=facts, source="call", key=next(keys), by=operator, at=at)

    assert FactValue.objects.count() == 0
    assert CaseEvent.objects.filter(case=case).count() == 1


def test_personal_words_are_sealed_and_in_no_event_or_audit_row(new_case, operator, at, keys):
    case = new_case(facts={})

    told = {"location_now": "Behind the Quillfeather shop", "name": "Quillfeather", "own_words": "Quillfeather"}
    actions.answer(case=case, facts=told, source="call", key=next(keys), by=operator, at=at)

    rows = FactValue.objects.filter(case=case)
    assert {row.value for row in rows} == {""}
    assert all("Quillfeather" not in row.sealed.raw for row in rows)
    kept = [*CaseEvent.objects.values_list("body", flat=True), *AuditEntry.objects.values_list("body", flat=True)]
    assert not [body for body in kept if "Quillfeather" in body]
    assert DataKey.objects.filter(owner=case.public_id).exists()


def test_history_is_kept_and_the_last_word_counts(new_case, operator, at, keys):
    case = new_case(facts={"age": 20})

    actions.answer(case=case, facts={"age": None}, source="call", key=next(keys), by=operator, at=at)

    assert FactValue.objects.filter(case=case, key="age").count() == 2
    assert runs.engine_state(case).state.facts["age"] is None


def test_every_event_is_numbered_in_the_audit_log_and_in_order(at_referrals, agency):
    case = at_referrals(agency("Listening room", "psychosocial"))

    numbers = [event.number for event in history_of(case)]
    assert numbers == list(range(case.event_count, 0, -1))
    moved = AuditEntry.objects.filter(verb="referral.case_moved", thing__endswith=str(case.public_id)).count()
    assert moved == CaseEvent.objects.filter(case=case, kind__in=runs.ENGINE_KINDS).count()


def test_many_answers_cost_the_statements_of_one(new_case, operator, at, keys):
    one, many = new_case(facts={}), new_case(facts={})
    plain = {"age": 20, "sex": "female", "immediate_danger": False, "needs_shelter": True}

    with CaptureQueriesContext(connection) as few:
        actions.answer(case=one, facts={"age": 20}, source="call", key=next(keys), by=operator, at=at)
    with CaptureQueriesContext(connection) as more:
        actions.answer(case=many, facts=plain, source="call", key=next(keys), by=operator, at=at)

    assert FactValue.objects.filter(case=many).count() == len(plain)
    assert len(more) == len(few)


def test_a_running_case_stays_on_its_version(new_case, version, liberia, at, operator):
    case = new_case()
    body = pathways.load(version.text).body | {"version": 2}
    text = pathways.canonical(body)
    newer = type(version).objects.create(
        pathway=version.pathway, country=liberia, number=2, text=text, digest=pathways.digest(text),
        shape_digest=pathways.shape_digest(body), published_at=at, published_by="test",
    )  # fmt: skip

    later = new_case()

    case.refresh_from_db()
    assert (case.version, later.version) == (version, newer)


ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["facts", "done", "given", "refused", "accepted", "declined", "positive", "withdrawn", "wish"]
        ),
        st.integers(1, 14),
    ),
    max_size=14,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS)
def test_whatever_is_tried_the_rows_equal_the_replay(new_case, operator, at, acts):
    case = new_case(
        facts={"age": 30, "immediate_danger": False, "sexual_violence": False, "needs": [], "wants_police": False}
    )
    for number, (act, run) in enumerate(acts):
        kind = act if act in {"facts", "done", "withdrawn", "wish"} else "outcome"
        facts = {"needs_shelter": bool(number % 2)} if kind == "facts" else None
        value = act if kind == "outcome" else ""
        try:
            actions.advance(
                case=case, kind=kind, run=run if kind in {"done", "outcome", "wish"} else 0, value=value, facts=facts,
                key=f"{case.pk}:{number}", by=operator, at=at,
            )  # fmt: skip
        except (pathways.EventRefused, actions.TooEarly):
            continue

    assert stored(case) == replayed(case)
