"""The triage form as data: branches, versions of a country, what must stay, words in each language. Without a database."""

import json

import pytest
from django.utils import translation

from hotline import triage
from languages import table
from languages.queries import in_language

TODAY, HOUSE = triage.FORMS[1], triage.HOUSE


def shown(form, answers):
    return [asked.key for asked in triage.open_questions(form, answers)]


def body(**changes):
    """The house's form as a body, with questions changed by their keys."""
    told = json.loads(json.dumps(triage.body_of(HOUSE)))
    for entry in told["questions"]:
        entry |= changes.get(entry["key"], {})
    return told


def codes(told):
    return {(fault.code, fault.key) for fault in triage.faults_of(told)}


def test_the_first_form_is_todays_and_a_form_of_the_house_never_changes():
    # Sheets keep the number: whoever changes one of these must add a form instead.
    digests = {number: triage.digest_of([[q.key, q.kind, q.step, q.fact] for q in form.questions]) for number, form in triage.FORMS.items()}  # fmt: skip

    assert [asked.key for asked in TODAY.questions if asked.when] == []
    assert set(TODAY.by_key) < set(HOUSE.by_key)
    assert {number: digest[:12] for number, digest in digests.items()} == {1: "8db75d7a6321", 2: "c0c2ca5dc99b"}


def test_the_danger_branch_opens_at_once_by_a_no_and_closes_without_loss():
    calm, danger = {"safe_now": "yes"}, {"safe_now": "no"}
    told = danger | {"danger_near": "yes", "danger_hurt": "unknown"}

    assert triage.after(HOUSE, "safe_now", calm).key == "may_talk"
    assert triage.after(HOUSE, "safe_now", danger).key == "danger_near"
    assert triage.after(HOUSE, "danger_hurt", told).key == "danger_way"
    assert triage.after(HOUSE, "danger_way", told | {"danger_way": "no"}).key == "may_talk"
    assert "danger_near" not in shown(HOUSE, told | {"safe_now": "yes"})
    assert "danger_near" in shown(HOUSE, told)
    assert triage.step_state(HOUSE, calm, "safe") == "done"
    assert triage.step_state(HOUSE, danger, "safe") == "part"


@pytest.mark.parametrize(("age", "is_child"), [(17, True), (18, False), ("unknown", True), ("not_asked", False), (0, True)])  # fmt: skip
def test_the_child_branch_opens_under_18_and_where_the_age_is_not_known(age, is_child):
    assert ("child_adult" in shown(HOUSE, {"age": age})) is is_child
    assert triage.after(HOUSE, "age", {"age": age}).key == ("child_adult" if is_child else "sex")


def test_a_branch_whose_questions_stand_far_below_is_asked_at_once_and_the_sheet_goes_on_where_it_was():
    entry = triage.new_entry([body()], "where", "yes_no") | {"when": {"key": "safe_now", "answers": ["no"]}}
    far = triage.form_from(triage.with_entry(body(), entry | {"label": {"en": "Far"}, "ask": {"en": "Far?"}}))
    told = {"safe_now": "no", "danger_near": "no", "danger_hurt": "no", "danger_way": "yes"}

    assert triage.after(far, "danger_way", told).key == entry["key"]
    assert triage.after(far, entry["key"], told | {entry["key"]: "yes"}).key == "may_talk"
    # One that was passed over does not hold the sheet.
    assert triage.after(far, entry["key"], told).key == "may_talk"


def test_a_branch_in_a_branch_is_closed_with_it():
    told = triage.with_entry(body(), {"key": "own_1", "step": "safe", "kind": "yes_no", "when": {"key": "danger_near", "answers": ["yes"]}, "label": {"en": "A"}, "ask": {"en": "A?"}, "why": {}, "choices": []})  # fmt: skip
    form = triage.form_from(told)

    assert "own_1" in shown(form, {"safe_now": "no", "danger_near": "yes"})
    assert "own_1" not in shown(form, {"safe_now": "yes", "danger_near": "yes"})


def test_every_question_takes_not_known_and_not_asked():
    for asked in HOUSE.questions:
        assert triage.checked(asked, ["unknown"]) == "unknown"
        assert triage.checked(asked, ["not_asked"]) == "not_asked"


def test_the_house_as_a_body_says_the_same_and_has_no_fault():
    form = triage.form_from(triage.body_of(HOUSE))

    assert triage.faults_of(triage.body_of(HOUSE)) == []
    with translation.override("fr"):
        assert [(q.key, q.kind, q.fact, q.when, str(q.label), str(q.ask), str(q.why)) for q in form.questions] == [
            (q.key, q.kind, q.fact, q.when, str(q.label), str(q.ask), str(q.why)) for q in HOUSE.questions
        ]


def test_own_words_come_before_the_catalogues_and_a_new_english_leaves_its_translations_behind():
    told = body(age={"ask": {"en": "How old are you?", "fr": "Quel âge as-tu ?"}}, may_talk={"ask": {"en": "Is it safe to talk?"}})  # fmt: skip
    form = triage.form_from(told)
    age, talk = form.by_key["age"].ask, form.by_key["may_talk"].ask

    assert in_language(age, "fr").text == "Quel âge as-tu ?"
    assert in_language(age, "es").text == in_language(HOUSE.by_key["age"].ask, "es").text != "How old are you?"
    assert (in_language(age, "ht").language, in_language(talk, "ht").is_fallback) == ("ht", True)
    assert in_language(talk, "ht").text == "Is it safe to talk?"
    assert in_language(form.by_key["age"].ask, "wo").language in ("wo", "fr")


@pytest.mark.parametrize("code", [code for code in table.CODES if code != table.SOURCE])
def test_what_is_said_to_a_caller_has_words_in_every_language(code):
    asked = [one for one in HOUSE.questions if str(one.ask)]

    assert [one.key for one in asked if in_language(one.ask, code).language != code] == []


def test_what_is_wrong_with_a_form_is_named_one_by_one():
    without = {"questions": [entry for entry in body()["questions"] if entry["key"] not in ("safe_now", "sex")]}
    long = body(sex={"label": {"en": ""}, "ask": {"fr": "x" * 301}})
    hangs = body(may_talk={"when": {"key": "safe_now", "answers": ["no"]}}, sex={"when": {"key": "nothing", "answers": ["no"]}}, needs={"when": {"key": "next_step", "answers": ["refer"]}}, national={"when": {"key": "age", "answers": ["17"]}})  # fmt: skip
    own = triage.new_entry([body()], "need", "one") | {"label": {"en": "Own"}, "ask": {"en": "Own?"}}

    assert codes(without) == {("missing", "safe_now"), *(("hangs_on_nothing", key) for key in ("danger_near", "danger_hurt", "danger_way"))}  # fmt: skip
    assert codes(long) == {("no_label", "sex"), ("no_words", "sex"), ("too_long", "sex")}
    assert codes(hangs) == {("always", "may_talk"), ("hangs_on_nothing", "sex"), ("hangs_on_later", "needs"), ("hangs_on_no_answer", "national")}  # fmt: skip
    assert codes(triage.with_entry(body(), own)) == {("choices", "own_1")}
    assert codes({"questions": body()["questions"] * 3}) >= {("twice", "age"), ("too_many", "")}
    for odd in (None, [], {}, {"questions": [{}]}, {"questions": 3}, {"questions": [{"key": "age", "label": "x"}]}):
        assert codes(odd) == {("unreadable", "")}


def test_a_question_of_the_house_keeps_its_kind_its_answers_and_its_step_whatever_a_body_says():
    told = body(sex={"kind": "yes_no", "step": "next", "choices": [{"code": "x", "label": {"en": "X"}}]})
    sex = triage.form_from(told).by_key["sex"]

    assert (sex.kind, sex.step, sex.codes, sex.fact) == ("one", "age", HOUSE.by_key["sex"].codes, "sex")


def test_questions_are_moved_within_their_step_and_what_the_code_needs_stays():
    moved = triage.moved(body(), "sex", up=True)
    keys = [entry["key"] for entry in moved["questions"]]

    assert keys.index("sex") == keys.index("child_alone") - 1
    assert triage.moved(body(), "safe_now", up=True) == body()
    assert triage.without(body(), "safe_now") == body()
    assert [one.kind for one in triage.changes(body(), triage.without(body(), "sex"))] == ["dropped"]
    assert [(one.kind, one.key) for one in triage.changes(body(), moved)] == [("moved", "sex")]


def test_an_answer_of_a_list_keeps_its_code_while_its_english_stands():
    first = triage.with_choices([], {"en": ["Radio", "Friend"], "fr": ["Radio", "Ami"]})
    second = triage.with_choices(first, {"en": ["Poster", "Radio"], "fr": ["Affiche"]})

    assert [one["code"] for one in first] == ["c1", "c2"]
    assert second == [{"code": "c3", "label": {"en": "Poster"}}, {"code": "c1", "label": {"en": "Radio"}}]


def test_the_words_of_a_language_that_stand_follow_their_answers():
    lines = {"en": ["Radio", "Friend"], "fr": ["La radio", "Ami"], "ar": []}
    first = triage.with_choices([], lines)
    swapped = triage.with_choices(first, lines | {"en": ["Friend", "Poster", "Radio"], "ar": ["a", "b", "c"]})
    assert [(one["code"], one["label"].get("fr"), one["label"]["ar"]) for one in swapped] == [
        ("c2", "Ami", "a"), ("c3", None, "b"), ("c1", "La radio", "c"),
    ]  # fmt: skip
    reworded = triage.with_choices(first, lines | {"en": ["The radio", "Friend"]})
    assert [(one["code"], one["label"]["fr"]) for one in reworded] == [("c3", "La radio"), ("c2", "Ami")]

    assert triage.uneven_in(first, lines | {"en": ["Radio", "Friend", "Poster"]}) == []
    assert triage.uneven_in(first, lines | {"fr": ["La radio", "Ami", "Affiche"], "ar": ["a"]}) == ["fr", "ar"]
