"""Rows made many times over, in the scratch copy of a bench: each copy is told apart from its model and else the same.

Or rows that are made of others by a statement, where a bench needs thousands that nobody has.

Copied are the people who learn with what they did, the cases with what belongs to them, and the contacts, with what the
provider asked because of them and what it was ordered. Each row of a copy points to the rows of the same copy; to what is
not copied (countries, courses, lines, staff) it points as before.
"""

from datetime import datetime, timedelta

from django.apps import apps
from django.db import connection, models, transaction

# In the order in which they point to each other.
GROWING = (
    "accounts.User", "training.Learner", "training.Enrolment", "training.Progress", "training.Event", "training.Attempt",
    "referral.Case", "referral.CaseEvent", "referral.StepRun", "referral.FactValue", "referral.Consent",
    "referral.ConsentLine", "referral.Referral", "referral.Escalation",
    "hotline.Contact", "hotline.ContactEvent", "hotline.Sheet", "hotline.Leg", "hotline.Message", "hotline.KeyAnswer",
    "hotline.ThirdCall", "hotline.Command", "hotline.WebhookEvent",
)  # fmt: skip
# What the roster, the console and the list of pathways show a row of; counted apart, since calls are measured on one line.
LISTED = (
    "hotline.Line", "hotline.OpeningHours",
    "referral.Pathway", "referral.PathwayRole", "referral.SharingProfile", "referral.Fact", "referral.FactChoice",
    "referral.Step", "referral.StepWindow", "referral.EscalationRule", "referral.Transition",
)  # fmt: skip
ONLY = {
    "accounts.User": 'id IN (SELECT user_id FROM "training_learner")',
    "hotline.Command": "(done_at IS NOT NULL OR failed_at IS NOT NULL)",  # those that are still due do not grow with use
}
SERIES = "WITH RECURSIVE series(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM series WHERE i < {many}) "
APART = 1_000_000_000  # between the numbers of one copy and the next: more than any table has


def multiply(times: int, growing: tuple[str, ...] = GROWING) -> None:
    """Let each of the growing tables have so many times its rows."""
    with transaction.atomic(), connection.cursor() as cursor:
        for copy in range(1, times):
            for label in growing:
                cursor.execute(_statement(apps.get_model(label), copy * APART, ONLY.get(label, "TRUE"), growing))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def lengthen_roster(times: int) -> None:
    """Let the roster have so many times its shifts, each copy of all of them before the earlier ones."""
    shift = apps.get_model("hotline.Shift")
    rows = list(shift.objects.values())
    if not rows:
        return
    span = max(row["ends_at"] for row in rows) - min(row["starts_at"] for row in rows) + timedelta(days=1)
    for row in rows:
        del row["id"]
    shift.objects.bulk_create(
        shift(**row | {name: row[name] - copy * span for name in ("starts_at", "ends_at")})
        for copy in range(1, times)
        for row in rows
    )


def _statement(model: type[models.Model], shift: int, only: str, growing: tuple[str, ...]) -> str:
    """Return the statement that copies the rows which the table had at the beginning."""
    quote, meta = connection.ops.quote_name, model._meta
    fields, apart = meta.concrete_fields, _told_apart(model, growing)
    columns = ", ".join(quote(field.column) for field in fields)
    values = ", ".join(_value(model, field, shift, growing, is_apart=field in apart) for field in fields)
    table, first = quote(meta.db_table), f"{quote(_numbered(model, growing).column)} < {APART}"
    return f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} WHERE {first} AND {only}"  # noqa: S608 -- our own names


def _numbered(model: type[models.Model], growing: tuple[str, ...]) -> models.Field:
    """Return the field whose number tells a row from its copies: its own, or of the row to which it belongs."""
    if isinstance(model._meta.pk, models.IntegerField):
        return model._meta.pk
    return next(
        field for field in model._meta.concrete_fields if field.is_relation and _is_growing(model, field, growing)
    )


def _value(
    model: type[models.Model], field: models.Field, shift: int, growing: tuple[str, ...], *, is_apart: bool
) -> str:
    """Return what stands in a column of a copy."""
    column = connection.ops.quote_name(field.column)
    if field.is_relation:
        return f"{column} + {shift}" if _is_growing(model, field, growing) else column
    if not is_apart:
        return column
    if isinstance(field, models.IntegerField):
        return f"{column} + {shift}"
    return f"CASE WHEN {column} IS NULL THEN NULL ELSE {drawn(field)} END"


def drawn(field: models.Field) -> str:
    """Return a value that no other row has."""
    is_postgresql = connection.vendor == "postgresql"
    if isinstance(field, models.UUIDField):
        return "gen_random_uuid()" if is_postgresql else "lower(hex(randomblob(16)))"
    drawn = "md5(random()::text)" if is_postgresql else "lower(hex(randomblob(16)))"
    return f"substr({drawn}, 1, {field.max_length})"


def _is_growing(model: type[models.Model], field: models.Field, growing: tuple[str, ...]) -> bool:
    """Tell whether a row points to a row of its own copy; of people only learners are copied, each with her learning."""
    label = field.related_model._meta.label
    return label in growing and (label != "accounts.User" or model._meta.label == "training.Learner")


def _told_apart(model: type[models.Model], growing: tuple[str, ...]) -> set[models.Field]:
    """Return the fields in which a copy must differ: of each set of fields that is unique, the last, unless another does."""
    meta = model._meta
    sets = [[field] for field in meta.concrete_fields if field.unique]
    for constraint in meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            sets.append([meta.get_field(name) for name in constraint.fields])
    has_own_row = [
        one for one in sets if any(field.is_relation and _is_growing(model, field, growing) for field in one)
    ]
    return {one[-1] for one in sets if one not in has_own_row}


def copy_row(model: type[models.Model], key: int, changed: dict[str, str | None], many: int = 1) -> None:
    """Copy one row so many times; what changes is SQL over `i`, the number of the copy, None a value drawn anew."""
    meta, quote = model._meta, connection.ops.quote_name
    fields = meta.local_concrete_fields
    values = (_sql(field, changed.get(field.column, quote(field.column))) for field in fields)
    columns, table = ", ".join(quote(field.column) for field in fields), quote(meta.db_table)
    statement = f"INSERT INTO {table} ({columns}) SELECT {', '.join(values)} FROM {table}, series"  # noqa: S608 -- our own names
    with connection.cursor() as cursor:
        cursor.execute(f"{SERIES.format(many=many)}{statement} WHERE {quote(meta.pk.column)} = %s", [key])


def insert_from(
    model: type[models.Model], values: dict, source: type[models.Model], only: str = "", **moments
) -> None:
    """Make a row of a model from each row that was made of another; a moment is a value, or stands in the SQL by name.

    A column of which nothing is said is empty, where it may be.
    """
    quote, told = connection.ops.quote_name, []
    pieces = []
    for field in model._meta.local_concrete_fields:
        value = values[field.column] if field.column in values or not field.null else "NULL"
        if isinstance(value, datetime):
            told.append(connection.ops.adapt_datetimefield_value(value))
            value = _CAST
        elif value and f"{{{field.column}}}" in value:
            told.append(connection.ops.adapt_datetimefield_value(moments[field.column]))
            value = value.replace(f"{{{field.column}}}", _CAST)
        pieces.append(_sql(field, value))
    columns = ", ".join(quote(field.column) for field in model._meta.local_concrete_fields)
    table, rows = quote(model._meta.db_table), quote(source._meta.db_table)
    statement = f"INSERT INTO {table} ({columns}) SELECT {', '.join(pieces)} FROM {rows} WHERE id > {APART}{only}"  # noqa: S608 -- our own names
    with connection.cursor() as cursor:
        cursor.execute(statement, told)


_CAST = "%s"


def _sql(field: models.Field, value: str | None) -> str:
    return drawn(field) if value is None else value
