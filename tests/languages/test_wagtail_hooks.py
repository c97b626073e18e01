"""What the editor of pages does for translations: copies go along, aliases are refused."""

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.test import RequestFactory

from languages import queries, wagtail_hooks
from languages.models import Unit
from tests.languages.conftest import FRENCH
from tests.sample.models import Leaflet


@pytest.fixture
def editor_request(person):
    """A POST by a manager."""

    def make(**fields):
        request = RequestFactory().post("/admin/", fields)
        request.user = person("manager")
        request.session = {}
        request._messages = FallbackStorage(request)
        return request

    return make


def test_a_copied_tree_carries_its_units(french, editor_request):
    child = Leaflet(title="Child", slug="child", heading_en="Child")
    french.add_child(instance=child)
    child.save_revision().publish()
    copy = french.copy(recursive=True, update_attrs={"title": "Copy", "slug": "copy"})

    wagtail_hooks.carry_units(editor_request(), french, copy)

    twin = Leaflet.objects.get(pk=copy.pk)
    assert (twin.heading_fr, queries.status_of(twin, "fr").code) == (FRENCH["heading"], "published")
    assert queries.segments_of(twin.get_children().specific().get()).count() == 1
    assert Unit.objects.filter(object_id=twin.pk, origin="memory").count() == 0


def test_an_alias_is_refused(french, editor_request):
    request = editor_request(alias="on")

    answer = wagtail_hooks.refuse_alias(request, french)

    assert answer.status_code == 302
    assert "make a copy instead" in str(next(iter(get_messages(request))))
    assert wagtail_hooks.refuse_alias(editor_request(), french) is None
