"""Quality reviews: a supervisor's list, one review, and what an operator asks for, reads and answers."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import FormView, TemplateView

from accounts.models import User
from accounts.rules import allowed
from hotline.actions import reviews
from hotline.choices.reviews import GIVEN, ReviewState
from hotline.forms.reviews import AskForm, PickForm, ReviewForm, SeenForm
from hotline.models import Review
from hotline.queries.contacts import contacts_of_desk
from hotline.queries.reviews import MOST, judged, operators_of, record_of, reviews_for, reviews_of_work
from hotline.queries.sheet_forms import form_of
from hotline.queries.sheets import facts_so_far, newest_sheet, places_of, signs_so_far, told_by_key
from hotline.rules import RULES
from hotline.views.access import became_case, contact_for, go_to, reads

MOVED = gettext_lazy("This changed meanwhile. What stands now is shown here.")
NOT_NOW = gettext_lazy("This contact cannot be reviewed now.")
PER_PAGE = 30
LABELS = {
    "question": gettext_lazy("What the operator asks"),
    "comment": gettext_lazy("What the supervisor writes"),
    "answer": gettext_lazy("The operator’s answer"),
}


class Reviews(TemplateView):
    """The reviews that wait for a supervisor, the oldest first, and those that were given."""

    template_name = "hotline/reviews.html"

    def get_context_data(self, **kwargs):
        """Return both lists."""
        rows = reviews_for(self.request.user)
        given = rows.filter(state__in=GIVEN).order_by("-reviewed_at", "-id")
        return super().get_context_data(**kwargs) | {
            "asked": rows.filter(state=ReviewState.ASKED)[:MOST],
            "page": Paginator(given, PER_PAGE).get_page(self.request.GET.get("page")),
        }


class _OfContact(FormView):
    """A form that asks for the review of a contact."""

    template_name = "hotline/ask_review.html"
    action = "ask_review"

    def dispatch(self, request, *args, **kwargs):
        """Load the contact."""
        self.contact = contact_for(request.user, kwargs["public_id"], self.action)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        """Return the contact beside the form."""
        is_own = self.action == "ask_review"
        return super().get_context_data(**kwargs) | {"contact": self.contact, "is_own": is_own}

    def form_invalid(self, form):
        """Show what to correct."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def asked(self, operator: User, form) -> Review | None:
        """Ask for the review; None, with the reason told, where that cannot be."""
        told = {name: form.cleaned_data[name] for name in ("reason", "question") if name in form.cleaned_data}
        try:
            return reviews.ask_review(
                contact=self.contact, operator=operator, by=self.request.user, at=timezone.now(), **told
            )
        except reviews.NotReviewable:
            messages.error(self.request, NOT_NOW)
            return None


class AskReview(_OfContact):
    """An operator asks that a contact of hers be looked at."""

    form_class = AskForm

    def form_valid(self, form):
        """Ask, and lead to where the review will stand."""
        review = self.asked(self.request.user, form)
        if review is None:
            return go_to(self.request, "hotline:contact", public_id=self.contact.public_id)
        messages.success(self.request, _("Asked for. You find the review here and on My shifts."))
        return go_to(self.request, "hotline:own_review", review=review.public_id)


class PickReview(_OfContact):
    """A supervisor chooses a contact in which she did not work."""

    form_class = PickForm
    action = "review_contact"

    def get_form_kwargs(self):
        """Return whose work it can be."""
        return super().get_form_kwargs() | {"people": operators_of(self.contact)}

    def form_valid(self, form):
        """Choose it, and lead to the review."""
        review = self.asked(User.objects.get(public_id=form.cleaned_data["person"]), form)
        if review is None:
            return go_to(self.request, "hotline:contact", public_id=self.contact.public_id)
        return go_to(self.request, "hotline:review", review=review.public_id)


class _OfReview(FormView):
    """A page of one review; what is sealed in it is read on record."""

    def get_context_data(self, **kwargs):
        """Return the review with its words and marks."""
        read = reviews.read_reviews(review=self.review, by=self.request.user, at=timezone.now())
        return super().get_context_data(**kwargs) | {
            "review": self.review,
            "contact": self.review.contact,
            "words": [{"label": LABELS[field], "text": text} for field, text in read.items()],
            "judged": judged(self.review) if self.review.state in GIVEN else [],
        }

    def form_invalid(self, form):
        """Show what to correct."""
        return self.render_to_response(self.get_context_data(form=form), status=422)


class ReviewPage(_OfReview):
    """One review for a supervisor: the record beside the criteria, until it is given; then how it was given."""

    template_name = "hotline/review.html"
    form_class = ReviewForm

    def dispatch(self, request, *args, **kwargs):
        """Load the review; of a contact that became a case she reads the case first."""
        self.review = get_object_or_404(reviews_for(request.user), public_id=kwargs["review"])
        contact = self.review.contact
        if not allowed(request.user, RULES, "review_contact", contact):
            if contact.case_id is None:
                raise Http404
            return became_case(request, contact)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        """Return the record and the sheet, whose reading is on record."""
        contact = self.review.contact
        sheet = newest_sheet(contact)
        form, answers = form_of(sheet), sheet.answers if reads(self.request.user, contact) else {}
        facts = facts_so_far(form, answers, places_of(contact.country), told_by_key(sheet)) + signs_so_far(
            form, answers
        )
        return super().get_context_data(**kwargs) | {"record": record_of(contact), "facts": facts}

    def form_valid(self, form):
        """Give it."""
        told = {"marks": form.marks, "comment": form.cleaned_data["comment"]}
        try:
            reviews.give_review(review=self.review, by=self.request.user, at=timezone.now(), **told)
        except reviews.ReviewMoved:
            messages.warning(self.request, MOVED)
        except reviews.NotReviewable:
            messages.error(self.request, NOT_NOW)
        else:
            messages.success(self.request, _("Given. The operator reads it on My shifts."))
        return go_to(self.request, "hotline:reviews")


class OwnReview(_OfReview):
    """The review of one's own work: asked for, or as it was given; one says that one has seen it."""

    template_name = "hotline/own_review.html"
    form_class = SeenForm

    def dispatch(self, request, *args, **kwargs):
        """Load the review, which must be of the person's own work."""
        self.review = get_object_or_404(reviews_of_work(request.user), public_id=kwargs["review"])
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form):
        """Say that it was seen."""
        told = {"review": self.review, "answer": form.cleaned_data["answer"]}
        try:
            reviews.see_review(by=self.request.user, at=timezone.now(), **told)
        except reviews.ReviewMoved:
            messages.warning(self.request, MOVED)
        else:
            messages.success(self.request, _("Thank you. Whoever gave the review reads your answer."))
        return go_to(self.request, "hotline:own_review", review=self.review.public_id)


@require_POST
def withdraw(request, review):
    """Take back that a review is asked for, by whoever asked."""
    rows = Review.objects.filter(asked_by=request.user, contact__in=contacts_of_desk(request.user).values("pk"))
    row = get_object_or_404(rows.select_related("contact"), public_id=review)
    try:
        reviews.withdraw_review(review=row, by=request.user, at=timezone.now())
    except reviews.ReviewMoved:
        messages.warning(request, MOVED)
    else:
        messages.success(request, _("Taken back. Nobody looks at it any more."))
    is_own = row.operator_id == request.user.pk
    return go_to(request, "hotline:my_shifts" if is_own else "hotline:reviews")
