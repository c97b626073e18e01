"""What has been published stays in its course, a copy begins as a draft, no schedule ends a curriculum, and no bank holds an id twice."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from languages.refusing import CopyForm
from languages.revisions import SourcePageForm
from training.models import Question


class CopyAsDrafts(CopyForm):
    """The form that copies a lesson or module: the copy is a draft, with all below it, and is published as anything new."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("publish_copies", "alias"):
            self.fields.pop(name, None)
        self.fields["new_parent_page"].help_text = _(
            "The copy is a draft, with everything below it. Publish it as you publish a new lesson: you are shown first what "
            "that does."
        )


class CurriculumForm(SourcePageForm):
    """A curriculum; no schedule takes it off: what that does to its courses is shown first, and done by a person."""

    def clean(self):
        """Refuse a time at which it would be taken off."""
        cleaned = super().clean()
        if cleaned.get("expire_at"):
            told = _(
                "No schedule takes a curriculum off. Take the expiry time out of its schedule; when the day has come, open it "
                "and choose Unpublish: you are shown first what that does."
            )
            self.add_error(None, told)
        return cleaned


class StaysInCourse:
    """A form of a question or story: once it was published, it stays in the course in which it was."""

    def clean(self):
        """Refuse another course than the one in which the thing was published."""
        cleaned = super().clean()
        known = models.QuerySet(type(self.instance)).filter(pk=self.instance.pk)
        stood = (
            known.filter(models.Q(live=True) | models.Q(first_published_at__isnull=False)).values("course_id").first()
        )
        if stood and cleaned.get("course") and cleaned["course"].pk != stood["course_id"]:
            told = _(
                "It was published in its course and stays there, since answers refer to it. Copy it for the other course, "
                "then unpublish it here."
            )
            self.add_error("course", told)
        return cleaned


def refuse_doubled(form) -> None:
    """Refuse to publish a question under an id that another published one of its course bears."""
    course, body = form.cleaned_data.get("course"), form.cleaned_data.get("body_en")
    twin = Question(pk=form.instance.pk, course=course, body_en=body).twin if course and body else None
    if twin is not None:
        told = _(
            "A test could not tell it from “%(key)s”: both bear the same id, so nobody could hand in a test that asks "
            "both. Press Copy in the list of questions, publish the copy, and "
            "delete this one or take it off."
        )
        form.add_error("body_en", told % {"key": twin.key})
