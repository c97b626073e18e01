"""What a person does in the editor, as its forms send it."""

from django.urls import reverse

from tests.training.pressing import press_again


def press(client, page, change="wording", **more):
    """Send the page's form with another heading, as the button "Publish" does."""
    form = {"title": page.title, "slug": page.slug, "heading_en": "Changed", "summary_en": "", "change": change} | more
    extra = {"body_en-count": "0", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0", "action-publish": "1"}
    return client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form | extra)


def publish(client, page, change="wording", **more):
    """Press the button, and press again where what publishing does is shown first."""
    return press_again(client, press(client, page, change, **more))
