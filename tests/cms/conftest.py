"""What tests of the roof share: the roots that Wagtail's migrations make, who enters the editor and the translation desk."""

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from wagtail.models import Collection, Locale, Page

from accounts.models import Country
from cms import editors
from cms.models import FrontPage, HomePage, StandardPage
from languages import actions
from tests.cms.opening import account, open_country  # noqa: F401 -- fixtures of the command that opens a country
from tests.languages.conftest import french, leaflet, segment  # noqa: F401 -- fixtures of the translation desk
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
        actions.seed_languages(page, {language: {"heading": "Droit", "summary": "Bref"}}, by="test", at=at)
    return Curriculum.objects.get(pk=page.pk)


@pytest.fixture
def no_memory():
    """Forget the switches that an earlier test left in the cache."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def translator(person, liberia):
    """A translator who works in French and Haitian Creole."""
    return person("translator", country=liberia, language="fr", spoken="fr ht")


@pytest.fixture
def desk(sign_in, translator):
    """The desk as the translator sees it."""
    return sign_in(translator)


@pytest.fixture
def address(leaflet):  # noqa: F811
    """The editor's address of the leaflet in a language."""
    return lambda language="fr", tail="": f"/en/desk/sample.leaflet/{leaflet.pk}/{language}/{tail}"
