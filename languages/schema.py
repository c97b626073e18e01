"""Steps of migrations that draw no more models than they need: the tables of a whole room at once, and rows carried over.

Django draws all related models anew after each step of a migration: with seventy tables that all lead to one another,
this was half of the time in which a new database was made. Here the models are drawn once, as they are after the last
step, and each table is made from that, with its late keys, constraints and indexes.
"""

from collections.abc import Callable

from django.db.migrations.operations import AddField, CreateModel, RunPython
from django.db.migrations.operations.base import Operation


class Tables(Operation):
    """Make all tables that some steps describe: a first migration's CreateModel, and what they add to those models.

    The steps may create models, add fields, constraints and indexes to models which they created, and add keys that may
    be empty to models that stand; nothing else.
    """

    def __init__(self, operations: list[Operation]):
        self.operations = operations

    def state_forwards(self, app_label, state):
        """Tell the state every step; what was drawn of it is forgotten first, so nothing is drawn between the steps."""
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        """Make each table as it is after the last step, then the keys of models that stand."""
        for model in self._models(app_label, schema_editor, to_state):
            schema_editor.create_model(model)
        for model, field in self._added(app_label, schema_editor, to_state):
            schema_editor.add_field(model, field)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        """Drop the keys of models that stand, then the tables, the last one first."""
        for model, field in reversed(self._added(app_label, schema_editor, from_state)):
            schema_editor.remove_field(model, field)
        for model in reversed(self._models(app_label, schema_editor, from_state)):
            schema_editor.delete_model(model)

    def describe(self):
        """Say what the step does."""
        return f"Make {len(self._created())} tables"

    def _created(self) -> list[CreateModel]:
        return [operation for operation in self.operations if isinstance(operation, CreateModel)]

    def _models(self, app_label, schema_editor, state) -> list:
        models = [state.apps.get_model(app_label, operation.name) for operation in self._created()]
        return [model for model in models if self.allow_migrate_model(schema_editor.connection.alias, model)]

    def _added(self, app_label, schema_editor, state) -> list[tuple]:
        made = {operation.name_lower for operation in self._created()}
        steps = [one for one in self.operations if isinstance(one, AddField) and one.model_name_lower not in made]
        found = [(state.apps.get_model(app_label, one.model_name), one.name) for one in steps]
        allowed = [one for one in found if self.allow_migrate_model(schema_editor.connection.alias, one[0])]
        return [(model, model._meta.get_field(name)) for model, name in allowed]


class OnRows(RunPython):
    """Carry over what a table holds; where it holds no row, as in a new database, no model is drawn for it.

    `table` is its name in the database; `code` takes the models and the editor, as in RunPython. There is no way back.
    """

    def __init__(self, table: str, code: Callable):
        self.table = table
        super().__init__(code, RunPython.noop)

    def deconstruct(self):
        """Say how the step is written."""
        return type(self).__name__, [self.table, self.code], {}

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        """Run the code, if there is a row."""
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {schema_editor.quote_name(self.table)} LIMIT 1")  # noqa: S608 -- the name of our own table
            holds_rows = cursor.fetchone() is not None
        if holds_rows:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
