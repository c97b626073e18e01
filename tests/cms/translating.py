"""What tests of the translation desk ask of the leaflet, and do at the desk as its pages' forms send it."""

from bs4 import BeautifulSoup

from cms.desk import marks
from languages.models import Unit


def unit_of(path="heading", language="fr"):
    """Return the text of a part of the leaflet in a language."""
    return Unit.objects.get(segment__path=path, language=language)


def form_of(answer, action, verb):
    """Return what a page's button for an act would send to an address."""
    for form in BeautifulSoup(answer.content, "html.parser").select(f'form[action="{action}"]'):
        sent = {box["name"]: box.get("value", "") for box in form.select("input[name]")}
        if sent.get("verb") == verb:
            return sent
    return None


def decide(client, unit, verb, **more):
    """Decide about a text as it stands now."""
    form = {"verb": verb, "seen": marks.of_unit(unit)} | more
    return client.post(f"/en/desk/text/{unit.pk}/", form)


def do_all(client, address, verb, language="fr"):
    """Do something with all texts of a thing as they stand now."""
    kind, pk = address.split("/")[3:5]
    app, model = kind.split(".")
    units = Unit.objects.filter(
        content_type__app_label=app, content_type__model=model, object_id=pk, language=language, is_retired=False
    )
    return client.post(f"{address}all/", {"verb": verb, "seen": marks.of_whole(verb, units)})
