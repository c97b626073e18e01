"""The blocks of a question or story as its form in the editor sends them."""

from tests.training.test_wagtail_hooks import typed


def sent(answer, *blocks, column="body_en"):
    """Return what a form sends back, with raw blocks in the column that holds them."""
    fields = {name: value for name, value in typed(answer).items() if not name.startswith(column)}
    return fields | stream(column, blocks)


def lines_of(course):
    """Return what the form of a course sends back of its do and do not, and of its words, where nobody touches them."""
    return stream("aide_en", course.aide_en.get_prep_value()) | stream(
        "glossary_en", course.glossary_en.get_prep_value()
    )


def stream(column, blocks):
    """Return what a form sends of a column of raw blocks."""
    fields = {f"{column}-count": str(len(blocks))}
    for order, block in enumerate(blocks):
        fields |= _head(f"{column}-{order}", block, order)
        value = block["value"]
        told = {f"-{name}": part for name, part in value.items()} if isinstance(value, dict) else {"": value}
        for name, part in told.items():
            fields |= _field(f"{column}-{order}-value{name}", part)
    return fields


def _head(prefix, block, order):
    return {
        f"{prefix}-deleted": "",
        f"{prefix}-order": str(order),
        f"{prefix}-type": block["type"],
        f"{prefix}-id": block["id"],
    }


def _field(name, value):
    if isinstance(value, list):
        fields = {f"{name}-count": str(len(value))}
        for order, part in enumerate(value):
            fields |= _head(f"{name}-{order}", part, order)
            for inner, said in part["value"].items():
                fields |= _field(f"{name}-{order}-value-{inner}", said)
        return fields
    if value is True:
        return {name: "on"}
    return {} if value is False else {name: str(value)}
