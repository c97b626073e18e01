"""The tables of a room in one step: made whole, and taken away whole."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState, StateApps

from languages.schema import OnRows, Tables

STEPS = [
    migrations.CreateModel("House", [("id", models.BigAutoField(primary_key=True))]),
    migrations.CreateModel(
        "Room",
        [
            ("id", models.BigAutoField(primary_key=True)),
            ("name", models.CharField(max_length=9)),
            ("house", models.ForeignKey("drawn.House", models.CASCADE)),
            ("doors", models.ManyToManyField("drawn.House", related_name="+")),
        ],
    ),
    migrations.AddField("House", "hall", models.ForeignKey("drawn.Room", models.CASCADE, null=True)),
    migrations.AddConstraint("Room", models.UniqueConstraint(fields=["house", "name"], name="one_room_a_name")),
    migrations.AddIndex("Room", models.Index(fields=["name"], name="rooms_by_name")),
]
TABLES = {"drawn_house", "drawn_room", "drawn_room_doors"}


@pytest.mark.django_db(transaction=True)
def test_late_keys_constraints_and_indexes_come_with_the_tables():
    before, after = ProjectState(), ProjectState()
    step = Tables(STEPS)
    step.state_forwards("drawn", after)

    with connection.schema_editor() as editor:
        step.database_forwards("drawn", editor, before, after)

    with connection.cursor() as cursor:
        assert set(connection.introspection.table_names(cursor)) >= TABLES
        house = connection.introspection.get_constraints(cursor, "drawn_house")
        room = connection.introspection.get_constraints(cursor, "drawn_room")
    assert ("drawn_room", "id") in {one["foreign_key"] for one in house.values()}
    assert room["one_room_a_name"]["unique"]
    assert room["rooms_by_name"]["index"]

    with connection.schema_editor() as editor:
        step.database_backwards("drawn", editor, after, before)
    with connection.cursor() as cursor:
        assert not TABLES & set(connection.introspection.table_names(cursor))


def test_nothing_is_drawn_between_the_steps(monkeypatch):
    state = ProjectState()
    assert state.apps
    monkeypatch.setattr(StateApps, "render_multiple", lambda *args: pytest.fail("drawn between two steps"))

    Tables(STEPS).state_forwards("drawn", state)

    assert {name for _, name in state.models} == {"house", "room"}


@pytest.mark.django_db(transaction=True)
def test_a_model_that_stands_gets_its_keys_after_the_tables_they_lead_to():
    before, after = ProjectState(), ProjectState()
    house = migrations.CreateModel("House", [("id", models.BigAutoField(primary_key=True))])
    tower = migrations.CreateModel("Tower", [("id", models.BigAutoField(primary_key=True))])
    key = migrations.AddField("House", "tower", models.ForeignKey("drawn.Tower", models.PROTECT, null=True))
    house.state_forwards("drawn", before)
    house.state_forwards("drawn", after)
    step = Tables([tower, key])
    step.state_forwards("drawn", after)

    def house_columns():
        with connection.cursor() as cursor:
            return {column.name for column in connection.introspection.get_table_description(cursor, "drawn_house")}

    with connection.schema_editor() as editor:
        house.database_forwards("drawn", editor, ProjectState(), before)
        step.database_forwards("drawn", editor, before, after)
    with connection.cursor() as cursor:
        keys = connection.introspection.get_constraints(cursor, "drawn_house").values()
    assert ("drawn_tower", "id") in {one["foreign_key"] for one in keys}
    assert house_columns() == {"id", "tower_id"}

    with connection.schema_editor() as editor:
        step.database_backwards("drawn", editor, after, before)
    assert house_columns() == {"id"}
    with connection.schema_editor() as editor:
        house.database_backwards("drawn", editor, before, ProjectState())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rows", [0, 1])
def test_only_a_table_with_rows_is_carried_over(monkeypatch, rows):
    ran, state = [], ProjectState()
    house = migrations.CreateModel("House", [("id", models.BigAutoField(primary_key=True))])
    house.state_forwards("drawn", state)
    step = OnRows("drawn_house", lambda apps, editor: ran.append(apps.get_model("drawn", "House").objects.count()))
    if not rows:
        monkeypatch.setattr(ProjectState, "apps", property(lambda self: pytest.fail("drawn for no row")))

    with connection.schema_editor() as editor:
        editor.execute("CREATE TABLE drawn_house (id bigint PRIMARY KEY)")
        if rows:
            editor.execute("INSERT INTO drawn_house (id) VALUES (1)")
        step.database_forwards("drawn", editor, state, state)
        editor.execute("DROP TABLE drawn_house")

    assert ran == [1] * rows
