"""What tests of the roof share: the roots that Wagtail's migrations make, and a manager who may enter the editor."""

import pytest
from django.contrib.auth.models import Group
from wagtail.models import Collection, Locale, Page

from accounts.models import Country
from cms import editors
from cms.models import FrontPage, HomePage, StandardPage
from languages import actions
from training.models import Curriculum


@pytest.fixture
def root(db):
    """The root of all pages, also where no migration made it."""
    Locale.objects.get_or_create(language_code="en")
    if not Collection.objects.filter(depth=1).exists():
        Collection.add_root(instance=Collection(name="Root"))
    return Page.objects.filter(depth=1).first() or Page.add_root(instance=Page(title="Root", slug="root"))


@pytest.fixture
def editor(root, person, liberia, sign_in):
    """A client signed in as a manager of Liberia, with the rights that the editing groups have."""
    editors.grant()
    manager = person("manager", country=liberia, is_staff=True)
    manager.groups.add(Group.objects.get(name="manager"))
    return sign_in(manager)


@pytest.fixture
def homes(root, liberia):
    """The homes of Liberia and Haiti below the front page, by code, and a standing page below Haiti's."""
    haiti = Country.objects.create(code="HT", name_en="Haiti", slug="haiti", language_codes="fr ht")
    front = root.add_child(instance=FrontPage(title="Fanal", slug="fanal", heading_en="Fanal"))
    pages = {
        country.pk: front.add_child(
            instance=HomePage(title=country.name, slug=country.slug, country=country, heading_en=country.name)
        )
        for country in (liberia, haiti)
    }
    pages["front"] = front
    pages["shared"] = front.add_child(instance=StandardPage(title="Privacy", slug="privacy", heading_en="Privacy"))
    pages["below"] = pages["HT"].add_child(instance=StandardPage(title="About", slug="about", heading_en="About"))
    return pages


@pytest.fixture
def curriculum(homes, at):
    """A published curriculum whose heading is live in French and Arabic."""
    page = homes["front"].add_child(instance=Curriculum(title="Law", slug="law", heading_en="Law", summary_en="Short"))
    page.save_revision().publish()
    for language in ("fr", "ar"):
        actions.seed_translations(page, language, {"heading": "Droit", "summary": "Bref"}, by="test", at=at)
    return Curriculum.objects.get(pk=page.pk)
