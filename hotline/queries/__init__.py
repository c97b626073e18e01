"""Reads of the hotline."""

from hotline.queries.contacts import contacts_visible_to, timeline_of, waiting_calls
from hotline.queries.duty import on_duty, roster_gaps, targets_now
from hotline.queries.lines import forget_lines, line_by_id, line_called
from hotline.queries.post import demo_texts, due_commands, due_messages
from hotline.queries.public_lines import line_of
from hotline.queries.spoken import spoken_cell, unheard

__all__ = [
    "contacts_visible_to",
    "demo_texts",
    "due_commands",
    "due_messages",
    "forget_lines",
    "line_by_id",
    "line_called",
    "line_of",
    "on_duty",
    "roster_gaps",
    "spoken_cell",
    "targets_now",
    "timeline_of",
    "unheard",
    "waiting_calls",
]
