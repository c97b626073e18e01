"""What every screen about one thing in one language loads and permits."""

from django.http import Http404

from cms.desk import queries


def permitted_thing(request, model: str, pk: int, language: str):
    """Return the thing when the person may translate into the language; missing and forbidden look the same."""
    if not queries.may_translate(request.user, language):
        raise Http404
    thing = queries.thing_of(model, pk)
    if thing is None:
        raise Http404
    return thing
