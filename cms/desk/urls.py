"""Addresses of the translation desk, under /<language>/desk/."""

from django.urls import path

from cms.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.Matrix.as_view(), name="matrix"),
    path("next/", views.next_text, name="next"),
    path("compare/", views.findings, name="findings"),
    path("compare/<int:pk>/", views.settle_finding, name="settle_finding"),
    path("languages/", views.Languages.as_view(), name="languages"),
    path("review/<str:language>/", views.Review.as_view(), name="review"),
    path("text/<int:pk>/", views.decide, name="decide"),
    path("<str:model>/<int:pk>/<str:language>/", views.Editor.as_view(), name="thing"),
    path("<str:model>/<int:pk>/<str:language>/all/", views.whole, name="whole"),
    path("<str:model>/<int:pk>/<str:language>/po/", views.export, name="export"),
    path("<str:model>/<int:pk>/<str:language>/import/", views.Import.as_view(), name="import"),
    path("<str:model>/<int:pk>/<str:language>/<int:segment>/", views.save, name="save"),
]
