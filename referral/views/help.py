"""Find help, for everybody: the services of a country, without an account and without JavaScript."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from accounts.models import Country
from accounts.queries import contacts_of
from accounts.queries.clocks import day_in
from accounts.queries.numbers import police_numbers
from languages.text import whole
from referral.choices import Need
from referral.models import Area
from referral.queries import directory


def find_help(request, slug):
    """Show the services of a country, narrowed by need and region; unknown values narrow nothing."""
    country = Country.objects.filter(slug=slug, is_active=True).first()
    if country is None:
        raise Http404
    need = request.GET.get("need", "")
    need = need if need in Need.values else ""
    area = _area(country, request.GET.get("area", ""))
    areas, numbers = list(directory.areas_of(country)), [row for row in contacts_of(country) if row.number]
    context = {
        "country": country,
        "need": need,
        "need_words": Need(need).label if need else "",
        "area": area,
        "areas": areas,
        "needs": directory.needs(),
        "terms": directory.service_terms(),
        "services": directory.services_for(country, need or None, area, on=day_in(country, timezone.now())),
        "numbers": numbers,
        "police": police_numbers(numbers),
    }
    return render(request, "referral/find_help.html", context)


def _area(country: Country, text: str) -> Area | None:
    return Area.objects.filter(country=country, pk=whole(text)).select_related("parent").first()
