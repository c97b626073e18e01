"""Many rows by one statement stand as if each had been saved; a statement compiled once reads what its query would."""

import datetime as dt
from threading import Barrier, Thread
from time import sleep

import pytest
from django.db import connection
from django.db.models import DateTimeField, F, Value
from django.forms.models import model_to_dict
from django.urls import get_resolver

from languages.choices import Freshness, Origin, State
from languages.models import Segment, Unit
from languages.statements import ByKeys, Prepared, PreparedAt, TimeStays, compile_all, insert_many


def unit(segment, language, at):
    """Return a unit that is not stored, with a value of each kind of column."""
    return Unit(
        segment=segment,
        language=language,
        content_type_id=segment.content_type_id,
        object_id=segment.object_id,
        state=State.PUBLISHED,
        origin=Origin.MACHINE,
        freshness=Freshness.FRESH,
        draft="Le « feu »\n%s",
        live="Le « feu »\n%s",
        live_version=1,
        live_tags={"1": ["a", {"href": "/x/"}]},
        approved_by="test",
        published_at=at,
    )


def test_rows_inserted_together_hold_what_rows_saved_hold(segment, at):
    saved, inserted = unit(segment("heading"), "fr", at), unit(segment("heading"), "ar", at)
    saved.save()

    insert_many([inserted])

    stored = Unit.objects.get(language="ar")
    differing = {"id", "language"}
    assert {name: value for name, value in model_to_dict(stored).items() if name not in differing} == {
        name: value for name, value in model_to_dict(Unit.objects.get(pk=saved.pk)).items() if name not in differing
    }
    assert stored.live_tags == {"1": ["a", {"href": "/x/"}]}
    assert stored.published_at == at


def test_no_rows_are_no_statement(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        insert_many([])


def _units(segment: int, since: dt.datetime):
    rows = Unit.objects.filter(segment=segment, published_at__gte=since).select_related("segment")
    return rows.annotate(mark=Value("seen"), path=F("segment__path")).order_by("language")


def test_a_statement_compiled_once_reads_the_rows_of_its_query_with_all_that_comes_with_them(
    segment, at, django_assert_num_queries
):
    prepared, since = Prepared(_units, -7, dt.datetime(1900, 1, 1, tzinfo=dt.UTC)), at - dt.timedelta(days=1)
    heading, other = segment("heading"), segment("summary")
    for one, language in ((heading, "fr"), (heading, "ar"), (other, "fr")):
        unit(one, language, at).save()

    for asked in (heading, other):
        wanted = list(_units(asked.pk, since))
        with django_assert_num_queries(1):
            found = prepared.objects(asked.pk, since)
            segments = [(one.segment, one.mark, one.path) for one in found]

        assert [model_to_dict(one) for one in found] == [model_to_dict(one) for one in wanted]
        assert segments == [(asked, "seen", asked.path)] * len(wanted)
        assert not any(one._state.adding for one in found)
    assert prepared.objects(heading.pk, at + dt.timedelta(days=1)) == []


@pytest.mark.parametrize("few", [1, 2, 20])
def test_rows_of_some_keys_are_read_by_one_statement_however_many_they_are(
    segment, django_assert_num_queries, monkeypatch, few
):
    monkeypatch.setattr(ByKeys, "FEW", few)
    rows = [segment(path) for path in ("heading", "summary", "body.w1")]
    by_keys = ByKeys(lambda *keys: Segment.objects.filter(pk__in=keys).order_by("path"))
    paths = ByKeys(lambda *keys: Segment.objects.filter(pk__in=keys).order_by("path").values_list("path", "pk"))

    for asked in ([rows[0]], rows[1:], rows, rows[:1]):
        keys, wanted = [one.pk for one in asked], sorted(asked, key=lambda one: one.path)
        with django_assert_num_queries(2):
            assert by_keys.objects([*keys, keys[0]]) == wanted
            assert paths.rows(keys) == [(one.path, one.pk) for one in wanted]
    with django_assert_num_queries(0):
        assert (by_keys.objects([]), paths.rows([])) == ([], [])


def _about(segment: int, at: dt.datetime):
    rows = Unit.objects.filter(segment=segment, published_at__gt=at - dt.timedelta(hours=1), published_at__lte=at)
    return rows.annotate(then=Value(at + dt.timedelta(minutes=5), DateTimeField())).values_list("language", "then")


def test_each_time_of_a_statement_goes_with_the_time_that_is_given(segment, at):
    prepared, heading = PreparedAt(_about, -7), segment("heading")
    unit(heading, "fr", at).save()
    unit(heading, "ar", at - dt.timedelta(minutes=50)).save()

    for minutes in (0, 5, 30, 70, -10):
        then = at + dt.timedelta(minutes=minutes)
        found = prepared.rows(heading.pk, then)
        assert sorted(map(tuple, found)) == sorted(_about(heading.pk, then))
    assert len(prepared.rows(heading.pk, at)) == 2


def test_a_time_that_does_not_go_along_is_refused_when_it_is_compiled(db, at):
    def make(at):
        return Unit.objects.filter(published_at__gt=at.replace(hour=0, minute=0, second=0, microsecond=0))

    def hours(at):
        return Unit.objects.filter(live_version=at.hour)

    for one in (make, hours):
        with pytest.raises(TimeStays):
            PreparedAt(one).rows(at)


def _odd(key):
    rows = Unit.objects.filter(segment=key, draft__contains="%s it's", approved_by="te'st", live_version__in=[1, 2])
    odd = {"yes": Value(True), "sign": Value("100 %% ?"), "none": Value(None, DateTimeField())}
    return rows.filter(live__startswith="50%").annotate(**odd).values_list("language", "yes", "sign", "none")


def test_what_never_changes_in_a_statement_is_written_into_it_on_sqlite_and_says_the_same(segment, at):
    heading = segment("heading")
    row = unit(heading, "fr", at)
    row.draft, row.live, row.approved_by = "a %s it's", "50% of it", "te'st"
    row.save()
    prepared = Prepared(_odd, -7)

    assert [tuple(one) for one in prepared.rows(heading.pk)] == list(_odd(heading.pk)) != []
    if connection.vendor == "sqlite":
        statement, parameters, *_rest = prepared._compiled()
        assert (statement.count("'te''st'"), list(parameters)) == (1, [-7])


def test_a_condition_of_a_partial_index_is_known_to_sqlite_when_it_plans(db):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL plans by what it counted; SQLite by its indexes alone.")
    get_resolver().url_patterns  # noqa: B018 -- with the views come their statements
    compile_all()
    bound = [
        one.make for one in list(Prepared.ALL)
        if any(isinstance(value, (str, int)) and place is None for value, place in zip(*one._compiled()[1:3], strict=True))
    ]  # fmt: skip
    assert bound == []


def test_of_many_threads_that_ask_first_one_compiles(db):
    made, start = [], Barrier(4)

    def make(key):
        made.append(key)
        sleep(0.05)
        return Unit.objects.filter(pk=key)

    prepared = Prepared(make, -7)

    def ask():
        start.wait()
        prepared._compiled()

    threads = [Thread(target=ask) for _one in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert made == [-7]


def test_all_statements_of_the_house_can_be_compiled_on_this_database(db):
    get_resolver().url_patterns  # noqa: B018 -- with the views come their statements
    compile_all()
    assert len(Prepared.ALL) > 20
