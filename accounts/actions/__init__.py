"""Writes of the people's room. Each is one transaction and records itself in the audit chain."""

from accounts.actions.audit import actor_id, record, thing_id
from accounts.actions.countries import fill_holidays
from accounts.actions.keys import (
    data_key,
    destroy_key,
    index_of,
    indexes_of,
    key_ring,
    new_data_key,
    open_secret,
    reveal,
    reveal_many,
    rewrap_keys,
    seal,
    seal_secret,
)
from accounts.actions.letters import claim_letters, fail_letter, mark_sent, queue_letter
from accounts.actions.limits import count_attempt, drop_old_counts
from accounts.actions.people import make_person

__all__ = [
    "actor_id",
    "claim_letters",
    "count_attempt",
    "data_key",
    "destroy_key",
    "drop_old_counts",
    "fail_letter",
    "fill_holidays",
    "index_of",
    "indexes_of",
    "key_ring",
    "make_person",
    "mark_sent",
    "new_data_key",
    "open_secret",
    "queue_letter",
    "record",
    "reveal",
    "reveal_many",
    "rewrap_keys",
    "seal",
    "seal_secret",
    "thing_id",
]
