"""Raw blocks of a copy: each gets an id of its own, so that answers and marks of one are never those of the other."""

import uuid


def renewed(raw: list, ids: dict[str, str]) -> list:
    """Return raw blocks with new ids, those of their parts too; `ids` is told, and gives an id met before the same new one."""
    return [_renewed(block, ids) for block in raw]


def _renewed(value, ids: dict[str, str]):
    if isinstance(value, list):
        return renewed(value, ids)
    if not isinstance(value, dict):
        return value
    found = {name: _renewed(inner, ids) for name, inner in value.items()}
    if value.get("id") and {"type", "value"} <= value.keys():
        found["id"] = ids.setdefault(value["id"], str(uuid.uuid4()))
    return found
