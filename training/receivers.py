"""What the room follows: a course was published, moved or translated (versions and compiled rows follow in the same
transaction); somebody signed in, or moved to another country."""

from django.contrib.auth.signals import user_logged_in
from django.db import models, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.log_actions import registry
from wagtail.models import Page, PageLogEntry
from wagtail.signals import post_page_move, pre_page_move, published, unpublished

from accounts import rules
from accounts.models import Country, PublicContact, moved
from languages.models import reapplied
from languages.revisions import changing
from training import actions, drawing, queries
from training.models import Clip, Course, Curriculum, Lesson, Module, Question, Scenario
from training.views import guests, held
from training.views.learning import keep_test
from training.views.sessions import keep_ticks

rules.KEEPERS_OF_POSTS.extend((keep_test, keep_ticks))
rules.GUESTS.append(guests.guest_of)
rules.PRINTERS.append(drawing.unprintable)

SCHEDULE = "schedule"  # who publishes or takes off what was planned
KINDS = (Curriculum, Course, Module, Lesson, Question, Scenario)


@receiver(changing)
def hold_courses(sender, thing, **_rest):
    """Lock the courses in which a thing stands before it changes; whoever gathers several has locked them."""
    if isinstance(thing, KINDS) and not actions.is_gathering():
        actions.lock_courses(queries.homes_of(thing))


@receiver(published)
def follow_publish(sender, instance, revision=None, **_rest):
    """Make the next edition of the courses that the published thing belongs to."""
    thing = instance.specific if isinstance(instance, Page) else instance
    if isinstance(thing, KINDS):
        content = getattr(revision, "content", None) or {}
        is_material = content.get("change") == "material"
        if content.get("lowered_because"):
            actions.note_lowered(thing, by=_who(revision), content=content, at=timezone.now())
        _follow(thing, by=_who(revision), material=queries.activity_of(thing) if is_material else "")


@receiver(unpublished)
def follow_unpublish(sender, instance, **_rest):
    """Make an edition without what was taken off, by a person or because its time was over."""
    thing = instance.specific if isinstance(instance, Page) else instance
    if isinstance(thing, KINDS):
        _follow(thing, by=SCHEDULE if instance.expired else "editor")
    if isinstance(thing, (Module, Lesson, Scenario)) and not actions.is_gathering():
        actions.note_part_off(thing, by=_who_ended(thing), at=timezone.now())
    if isinstance(thing, Course):
        by = SCHEDULE if instance.expired else _who_took_off(thing)
        actions.note_gone(course=thing, by=by, at=timezone.now())


def _who_took_off(page: Page) -> str:
    """Return who has just taken a page off, as the editor's own log says."""
    entry = PageLogEntry.objects.filter(page=page.pk, action="wagtail.unpublish").order_by("-timestamp", "-pk").first()
    return str(entry.user.public_id) if entry and entry.user else "editor"


def _who_ended(thing: models.Model) -> str:
    """Return who has just taken a thing off; of a planned end, who published that plan."""
    if thing.expired:
        return _who(thing.latest_revision)
    logs = registry.get_logs_for_instance(thing).filter(action="wagtail.unpublish").order_by("-timestamp", "-pk")
    entry = logs.first()
    return str(entry.user.public_id) if entry and entry.user else "editor"


@receiver(m2m_changed, sender=Course.countries.through)
def follow_countries(sender, instance, action, reverse, pk_set, **_rest):
    """Note the countries that come to a course which readers have, and those that leave it."""
    if action in {"post_add", "post_remove"} and not reverse and instance.live and pk_set:
        is_added = action == "post_add"
        actions.note_countries(course=instance, countries=sorted(pk_set), is_added=is_added, at=timezone.now())


@receiver(pre_page_move)
def keep_in_course(sender, instance, parent_page_after, **_rest):
    """Stop a move that would take what was published out of its course, whichever door it came by."""
    actions.keep_in_course(instance, parent_page_after)


@receiver(post_page_move)
def follow_move(sender, instance, **_rest):
    """Write the new addresses into the compiled rows."""
    thing = instance.specific
    if isinstance(thing, KINDS):
        _follow(thing, by="editor")


@receiver(reapplied)
def follow_translation(sender, thing, is_published=False, **_rest):
    """Show what was published in another language; what is published in the source is followed by its edition."""
    is_followed = is_published and isinstance(thing, KINDS)
    if queries.belongs_to_school(thing) and not is_followed and not actions.is_gathering():
        for course in queries.courses_of(thing):
            actions.course_translated(course)


@receiver([post_save, post_delete], sender=Clip)
@receiver([post_save, post_delete], sender=get_document_model())
def follow_file(sender, instance, created=False, **_rest):
    """Show what was changed or deleted of a recording or document in the lessons that hold it: its size, its language."""
    if not created:
        for course in queries.courses_with(instance):
            actions.course_translated(course)


@receiver(post_delete, sender=Clip)
def drop_file(sender, instance, **_rest):
    """Delete the file of a clip once its row is gone for good."""
    transaction.on_commit(lambda: instance.file.storage.delete(instance.file.name))


@receiver(user_logged_in, dispatch_uid="training.claim_held")
def claim_held(sender, request, user, **_rest):
    """Leave to who signs in what waited for her since her session was over, and nothing of anybody else."""
    if request is not None and hasattr(request, "session"):
        held.claim(request, user)


@receiver(moved)
def follow_person(sender, person, by, at, **_rest):
    """Let it be worked out again how she is trained who moved to a country in which other editions hold; she leaves the
    groups of the one before."""
    actions.follow_move(user=person, by=by, at=at)


@receiver([post_save, post_delete], sender=Country)
@receiver([post_save, post_delete], sender=PublicContact)
def follow_places(sender, instance, **_rest):
    """Judge again at once whether a course is a draft in a country whose numbers or languages have changed."""
    code = instance.pk if sender is Country else instance.country_id
    queries.forget_places(code)
    transaction.on_commit(lambda: queries.forget_places(code))


def _follow(thing: models.Model, *, by: str, material: str = "") -> None:
    if actions.is_gathering():
        return
    at = timezone.now()
    for course in queries.homes_of(thing).order_by("pk"):
        if course.live:
            actions.course_changed(course, by=by, at=at, material=material)
        elif material:
            actions.ask_later(course, material, at=at)


def _who(revision) -> str:
    user = getattr(revision, "user", None)
    return str(user.public_id) if user is not None else SCHEDULE
