"""The whole demo: what loading it costs, counted in statements, which no busy machine makes more of."""

from accounts.models import AuditEntry
from accounts.queries import chain_faults
from languages.models import Unit
from languages.text import e164
from referral.actions import numbers_to_call
from referral.models import Organisation, Service

CEILING = (
    22_200  # measured: 21,488, with 55 lessons and 108 questions; a loop that asks for each row anew goes over it
)


def test_the_demo_loads_with_few_statements(loaded, db):
    at, asked = loaded
    statements = asked.total() - asked["SAVEPOINT"] - asked["RELEASE"]
    assert statements <= CEILING, asked
    assert Unit.objects.filter(live_version__gte=1).count() > 3000
    assert AuditEntry.objects.count() > 500
    assert chain_faults() == []
    unnamed = [
        (service.name_en, language)
        for service in Service.objects.select_related("organisation__country")
        for language in service.organisation.country.languages
        if not getattr(service, f"name_{language.replace('-', '_')}")
    ]
    assert unnamed == []
    agencies = Organisation.objects.filter(is_example=True)
    call_backs = numbers_to_call(organisations=agencies, by="test", at=at)
    numbers = [*agencies.values_list("public_number", flat=True), *call_backs.values()]
    assert len(numbers) == len(set(numbers)) == 2 * agencies.count()
    assert all(e164(number) == number and number.startswith("+120255501") for number in numbers)
