"""Pages by the clock of the country that they are about, wherever the server and the reader are."""

from functools import wraps

from django.utils import timezone

from accounts.queries.clocks import zone_of


def by_clock(find_zone):
    """Return a decorator of views: the page, and the days that are typed on it, are in the zone that is found.

    `find_zone` is given the request and the parts of the address; where it finds None, the server's zone stays.
    """

    def decorate(view):
        @wraps(view)
        def timed(request, *args, **kwargs):
            with timezone.override(find_zone(request, **kwargs)):
                response = view(request, *args, **kwargs)
                return response.render() if hasattr(response, "render") else response

        timed.has_clock = True  # so that each address can be asked whether it has one
        return timed

    return decorate


def _zone_in_address(request, code: str, **others):
    return zone_of(code)


def _zone_of_person(request, **others):
    return zone_of(getattr(request.user, "country_id", None))


in_country_time = by_clock(_zone_in_address)
in_own_time = by_clock(_zone_of_person)
