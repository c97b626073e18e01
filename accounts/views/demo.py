"""One-click sign-in as somebody of the demo. It exists only while settings.DEMO_SIGN_IN is on."""

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import login, logout
from django.http import Http404
from django.shortcuts import redirect
from django.views.generic import TemplateView

from accounts import queries
from accounts.queries.demo import demo_people, demo_person

BACKEND = "accounts.sessions.AuthenticationBackend"


class DemoPeople(TemplateView):
    """The demo's people by country and role; a button signs in as one of them."""

    template_name = "accounts/demo_people.html"

    def dispatch(self, request, *args, **kwargs):
        """Be missing where the demo's sign-in is off."""
        if not settings.DEMO_SIGN_IN:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        """Add the countries with their people."""
        return super().get_context_data(**kwargs) | {"groups": demo_people()}

    def post(self, request):
        """Sign in as the person chosen; the session counts as opened with a second factor."""
        person = demo_person(request.POST.get("person", ""))
        if person is None:
            raise Http404
        if request.user.is_authenticated:
            logout(request)
        login(request, person, backend=BACKEND)
        request.session["demo_second_factor"] = True
        UserSession.objects.create_from_request(request)
        onward = request.POST.get("next") or request.GET.get("next", "")
        if queries.is_our_path(onward):
            return redirect(onward)
        return redirect(queries.home_for(person))
