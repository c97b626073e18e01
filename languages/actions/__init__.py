"""Writes of the translation room. Each is one transaction; who and when are passed in."""

from languages.actions.applying import drifted_columns, follow_source, reapply, reapply_many
from languages.actions.copying import copy_units
from languages.actions.drafting import fill_draft
from languages.actions.importing import ImportChangedMeanwhile, ImportReport, dry_run, import_lines
from languages.actions.publishing import NothingApproved, publish, withdraw
from languages.actions.seeding import SeedRefused, seed_languages, seed_many
from languages.actions.segmenting import refresh_many, refresh_segments, retire_segments
from languages.actions.switching import SourceStaysPublic, SwitchedMeanwhile, switch_language
from languages.actions.working import (
    MachineDraftUnread,
    NothingToSend,
    SecondPersonNeeded,
    SourceChangedSinceDraft,
    TargetChangedMeanwhile,
    TargetRefused,
    approve,
    confirm,
    is_overtaken,
    mark_native_read,
    save_target,
    stopping_faults,
    submit,
)

__all__ = [
    "ImportChangedMeanwhile",
    "ImportReport",
    "MachineDraftUnread",
    "NothingApproved",
    "NothingToSend",
    "SecondPersonNeeded",
    "SeedRefused",
    "SourceChangedSinceDraft",
    "SourceStaysPublic",
    "SwitchedMeanwhile",
    "TargetChangedMeanwhile",
    "TargetRefused",
    "approve",
    "confirm",
    "copy_units",
    "drifted_columns",
    "dry_run",
    "fill_draft",
    "follow_source",
    "import_lines",
    "is_overtaken",
    "mark_native_read",
    "publish",
    "reapply",
    "reapply_many",
    "refresh_many",
    "refresh_segments",
    "retire_segments",
    "save_target",
    "seed_languages",
    "seed_many",
    "stopping_faults",
    "submit",
    "switch_language",
    "withdraw",
]
