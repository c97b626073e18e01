"""What the tests of the editor send."""

from django.contrib.auth.models import Group, Permission
from django.urls import reverse


def may_enter(user):
    """Give a person the right to enter the admin, as the group of managers has it."""
    group, _ = Group.objects.get_or_create(name="manager")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    user.groups.add(group)
    return user


def step_form(step, **changes):
    """Return what the page of a step would send, with some fields changed."""
    names = [
        "title_en", "guidance_en", "script_en", "role", "amount", "unit", "anchor", "deadline_type", "basis",
        "reference", "sources", "form", "service", "sharing_profile", "without_consent_basis",
    ]  # fmt: skip
    sent = {name: getattr(step, name) or "" for name in names}
    rules = list(step.escalations.all())
    sent |= {"late-TOTAL_FORMS": len(rules), "late-INITIAL_FORMS": len(rules)}
    for number, rule in enumerate(rules):
        sent |= {
            f"late-{number}-offset": rule.offset,
            f"late-{number}-to": rule.to,
            f"late-{number}-action": rule.action,
        }
    sent |= {"window-TOTAL_FORMS": 0, "window-INITIAL_FORMS": 0}
    return sent | {"change": "wording", "seen": step.pathway.edit_number} | changes


def sign_over_http(client, pathway):
    """Press the sign button of the page, accepting every gap."""
    page = client.get(reverse("pathways:detail", args=[pathway.pk]))
    form = page.context["form"]
    sent = dict.fromkeys(form.fields, "on") | {"digest": page.context["standing"].digest}
    return client.post(reverse("pathways:sign", args=[pathway.pk]), sent, follow=True)


def filled(formset):
    """Return what a browser would send of a formset as it stands."""
    sent = {"seen": ""}
    for form in [formset.management_form, *formset.forms]:
        for field in form:
            value = field.value()
            if value not in (None, False, ""):
                sent[field.html_name] = "on" if value is True else value
    return sent
