"""The blocks of a question or story as its form in the editor sends them."""

from tests.training.test_wagtail_hooks import typed


def sent(answer, *blocks, column="body_en"):
    """Return what a form sends back, with raw blocks in the column that holds them."""
    fields = {name: value for name, value in typed(answer).items() if not name.startswith(column)}
    fields |= {f"{column}-count": str(len(blocks))}
    for order, block in enumerate(blocks):
        fields |= _head(f"{column}-{order}", block, order)
        for name, value in block["value"].items():
            fields |= _field(f"{column}-{order}-value-{name}", value)
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
