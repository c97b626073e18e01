"""Addresses of the translation desk, under /<language>/desk/: all by the clock of their reader's country."""

from django.urls import URLPattern, path

from accounts.views.clocks import in_own_time
from cms.desk import views

app_name = "desk"


def _timed(route: str, view, *, name: str) -> URLPattern:
    return path(route, in_own_time(view), name=name)


urlpatterns = [
    _timed("", views.Matrix.as_view(), name="matrix"),
    _timed("next/", views.next_text, name="next"),
    _timed("compare/", views.findings, name="findings"),
    _timed("compare/<int:pk>/", views.settle_finding, name="settle_finding"),
    _timed("languages/", views.Languages.as_view(), name="languages"),
    _timed("review/<str:language>/", views.Review.as_view(), name="review"),
    _timed("text/<int:pk>/", views.decide, name="decide"),
    _timed("<str:model>/<int:pk>/<str:language>/", views.Editor.as_view(), name="thing"),
    _timed("<str:model>/<int:pk>/<str:language>/all/", views.whole, name="whole"),
    _timed("<str:model>/<int:pk>/<str:language>/po/", views.export, name="export"),
    _timed("<str:model>/<int:pk>/<str:language>/import/", views.Import.as_view(), name="import"),
    _timed("<str:model>/<int:pk>/<str:language>/<int:segment>/", views.save, name="save"),
]
