"""Addresses of this room: `urlpatterns` under the language prefix, `plain_patterns` at the root.

`own_patterns` stand before those of the library that serves a person's own account: its pages that tell times, by her clock.
"""

from allauth.mfa.webauthn.views import list_webauthn
from allauth.usersessions.views import list_usersessions
from django.urls import path

from accounts import views
from accounts.views.clocks import in_own_time

app_name = "accounts"
urlpatterns = [
    path("profile/", views.Profile.as_view(), name="profile"),
    path("invitation/<str:token>/", views.Accept.as_view(), name="accept"),
    path("people/", views.People.as_view(), name="people"),
    path("people/invite/", views.Invite.as_view(), name="invite"),
    path("people/import/", views.ImportOfficials.as_view(), name="import_officials"),
    path("people/import/confirm/", views.ImportConfirm.as_view(), name="import_confirm"),
    path("people/export/", views.export_officials, name="export_officials"),
    path("people/<uuid:public_id>/", in_own_time(views.Person.as_view()), name="person"),
    path("people/<uuid:public_id>/close/", views.close, name="close"),
    path("people/<uuid:public_id>/reopen/", views.reopen, name="reopen"),
    path("people/<uuid:public_id>/sign-out/", views.sign_out, name="sign_out"),
    path("people/<uuid:public_id>/second-step/", views.RemoveFactors.as_view(), name="remove_factors"),
    path("people/<uuid:public_id>/invite-again/", views.invite_again, name="invite_again"),
    path("people/<uuid:public_id>/revoke/", views.revoke, name="revoke"),
    path("letters/", in_own_time(views.Letters.as_view()), name="letters"),
    path("letters/again/", views.letters_again, name="letters_again"),
    path("letters/<uuid:public_id>/again/", views.letter_again, name="letter_again"),
    path("letters/<uuid:public_id>/off/", views.letter_off, name="letter_off"),
    path("countries/", views.Countries.as_view(), name="countries"),
    path("countries/<slug:code>/", views.Country.as_view(), name="country"),
    path("countries/<slug:code>/numbers/new/", views.Number.as_view(), name="number_new"),
    path("countries/<slug:code>/numbers/<int:pk>/", views.Number.as_view(), name="number"),
    path("countries/<slug:code>/numbers/<int:pk>/checked/", views.number_checked, name="number_checked"),
    path("countries/<slug:code>/numbers/<int:pk>/remove/", views.number_remove, name="number_remove"),
    path("countries/<slug:code>/holidays/", views.holiday_add, name="holiday_add"),
    path("countries/<slug:code>/holidays/<int:pk>/remove/", views.holiday_remove, name="holiday_remove"),
    path("countries/<slug:code>/offices/", views.Offices.as_view(), name="offices"),
    path("countries/<slug:code>/offices/new/", views.Office.as_view(), name="office_new"),
    path("countries/<slug:code>/offices/<int:pk>/", views.Office.as_view(), name="office"),
    path("countries/<slug:code>/offices/<int:pk>/close/", views.office_close, name="office_close"),
    path("countries/<slug:code>/offices/<int:pk>/reopen/", views.office_reopen, name="office_reopen"),
    path("audit/", in_own_time(views.AuditLog.as_view()), name="audit"),
    path("demo/people/", views.DemoPeople.as_view(), name="demo_people"),
]
own_patterns = [
    path("account/sessions/", in_own_time(list_usersessions), name="usersessions_list"),
    path("account/2fa/webauthn/", in_own_time(list_webauthn), name="mfa_list_webauthn"),
]
plain_patterns = [path("admin/login/", views.admin_login, name="admin_login")]
