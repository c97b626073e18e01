"""The whole map on one page: health, hooks, api, admin, then pages under their language."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

import accounts.urls
import hotline.urls
import referral.urls
import training.urls
from cms import demo_views, views

urlpatterns = [
    path("livez", views.livez, name="livez"),
    path("readyz", views.readyz, name="readyz"),
    path("media/<path:path>", views.media, name="media"),
    path("leave/", views.leave, name="leave"),
    path("signed-in/", views.signed_in, name="signed_in"),
    # Reserved for the directory as open data; until then nothing stands there, in no language.
    path("hsds/", views.reserved, name="hsds"),
    path("hsds/<path:rest>", views.reserved, name="hsds"),
    path("", include((hotline.urls.plain_patterns, "hotline_plain"))),
    path("", include((training.urls.plain_patterns, "training_plain"))),
    path("", include((referral.urls.plain_patterns, "referral_plain"))),
    path("", include((accounts.urls.plain_patterns, "accounts_plain"))),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
]

urlpatterns += i18n_patterns(
    *accounts.urls.own_patterns,
    path("account/", include("allauth.urls")),
    path("demo/", demo_views.start, name="demo"),
    path("demo/letters/", demo_views.letters, name="demo_letters"),
    path("languages/", views.choose_language, name="choose_language"),
    path("desk/", include("cms.desk.urls")),
    path("", include("accounts.urls")),
    path("", include("hotline.urls")),
    path("", include("training.urls")),
    path("", include("referral.urls")),
    path("", include([pattern for pattern in wagtail_urls.urlpatterns if pattern.name != "wagtail_serve"])),
    re_path(wagtail_urls.serve_pattern, views.page, name="wagtail_serve"),
)

handler400 = "cms.views.unreadable"
handler404 = "cms.views.not_found"
handler500 = "cms.views.broken"
