"""Country entries: a change re-applies their translations and makes an edition for that country only."""

from collections.abc import Callable
from datetime import datetime

from django.db import models, transaction

from accounts.actions import record
from languages import actions as language_actions
from languages.revisions import Change
from training.actions.editions import course_changed, lock_courses
from training.actions.exporting import note_lowered
from training.actions.unasked import ask_later
from training.models import Course, Overlay
from training.queries import courses_of, homes_of, seen_in


@transaction.atomic
def save_overlay(*, overlay: Overlay, save: Callable[[], Overlay], by, at: datetime) -> Overlay:
    """Store what was entered of a country entry, by `save`, which judges it by what stands now, and follow it."""
    _lock(overlay)
    saved = save()
    overlay_changed(overlay=saved, by=by, at=at)
    return saved


@transaction.atomic
def overlay_changed(*, overlay: Overlay, by, at: datetime) -> None:
    """Follow an edit of a country entry: segments, translations, editions, audit."""
    lock_courses(homes_of(overlay))
    language_actions.refresh_segments(overlay, change=overlay.change, by=str(by.public_id), at=at)
    language_actions.reapply(overlay)
    is_material = overlay.change == Change.MATERIAL
    models.QuerySet(Overlay).filter(pk=overlay.pk).update(change="", lowered_because="")
    courses = list(homes_of(overlay).order_by("pk"))
    seeing = {one.pk for one in seen_in(overlay, courses)} if is_material else set()
    for course in courses:
        material = f"{overlay.country_id}:{overlay.slot}" if course.pk in seeing else ""
        if course.live:
            course_changed(course, by=by, at=at, material=material)
        elif material:
            ask_later(course, material, at=at)
    record(by=by, verb="training.entry_changed", thing=overlay, at=at, country=overlay.country_id, slot=overlay.slot,
           confirmed=overlay.confirmed, change=overlay.change)  # fmt: skip
    if overlay.lowered_because:
        content = {"change": overlay.change, "lowered_because": overlay.lowered_because}
        note_lowered(overlay, by=by, content=content, at=at)


@transaction.atomic
def delete_overlay(*, overlay: Overlay, delete: Callable[[], object]) -> object:
    """Delete a country entry by `delete`, which judges it by what stands now, as one act with what follows it."""
    _lock(overlay)
    return delete()


@transaction.atomic
def overlays_deleted(*, overlays: list[Overlay], by, at: datetime) -> None:
    """Follow the deletion of country entries."""
    courses = {course.pk: course for overlay in overlays for course in courses_of(overlay)}
    lock_courses(models.QuerySet(Course).filter(pk__in=courses))
    for course in courses.values():
        course_changed(course, by=by, at=at)
    for overlay in overlays:
        record(by=by, verb="training.entry_deleted", thing=f"training.overlay:{overlay.country_id}:{overlay.slot}",
               at=at, country=overlay.country_id)  # fmt: skip


def _lock(overlay: Overlay) -> None:
    """Let nobody else save or delete an entry: the courses in which it will stand are locked, then its row where it stands."""
    lock_courses(homes_of(overlay))
    rows = models.QuerySet(Overlay).filter(pk=overlay.pk)
    list(rows.select_for_update(of=("self",), no_key=True).values_list("pk"))
