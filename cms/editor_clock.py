"""Wagtail's editor by the clock of the country of who edits: a schedule is typed and told in it, with its name."""

from wagtail.users.models import UserProfile

from accounts.queries.clocks import zone_of


class EditorsClock:
    """Lets Wagtail take a person's zone from her country, by UTC where she has none.

    Wagtail asks her profile, and nobody else; its own choice of a zone is taken off (`WAGTAIL_USER_TIME_ZONES`), for the
    pages around the editor would go by another clock. What is put on the profile here stands in memory;
    were it stored it would not matter, for each request puts it there anew.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Give the profile of who edits the zone of her country."""
        if not request.path_info.startswith("/admin/") or not request.user.is_authenticated:
            return
        has_profile = hasattr(request.user, "wagtail_userprofile")
        profile = request.user.wagtail_userprofile if has_profile else UserProfile(user=request.user)
        profile.current_time_zone = str(zone_of(getattr(request.user, "country_id", None)) or "")
