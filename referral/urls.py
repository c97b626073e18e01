"""Addresses of this room: `urlpatterns` under the language prefix, `plain_patterns` at the root."""

from django.urls import include, path

from referral.views import (
    again,
    agencies,
    agency,
    assignments,
    cases,
    consent,
    contacts,
    directory,
    help,
    holds,
    premises,
    referrals,
    steps,
)

app_name = "referral"

case_patterns = [
    path("", cases.CaseDetail.as_view(), name="case_detail"),
    path("reason/", cases.CaseReason.as_view(), name="case_reason"),
    path("readers/", cases.CaseReaders.as_view(), name="case_readers"),
    path("answer/", cases.CaseAnswer.as_view(), name="case_answer"),
    path("step/<int:run>/", steps.Step.as_view(), name="case_step"),
    path("consent/", consent.GiveConsent.as_view(), name="case_consent"),
    path("consent/withdraw/", consent.TakeBack.as_view(), name="case_withdraw"),
    path("identity/", steps.Identity.as_view(), name="case_identity"),
    path("reveal/", steps.Reveal.as_view(), name="case_reveal"),
    path("owner/", steps.Assign.as_view(), name="case_assign"),
    path("close/", steps.Close.as_view(), name="case_close"),
    path("reopen/", steps.Reopen.as_view(), name="case_reopen"),
    path("hold/", holds.Hold.as_view(), name="case_hold"),
    path("again/", again.OpenAgain.as_view(), name="case_again"),
    path("again/<int:run>/", again.AskAgain.as_view(), name="ask_again"),
    path("refer/<int:run>/", referrals.Refer.as_view(), name="refer"),
    path("request/<uuid:reference>/answer/", referrals.PhoneAnswer.as_view(), name="referral_answer"),
    path("request/<uuid:reference>/progress/", referrals.Progress.as_view(), name="referral_progress"),
    path("request/<uuid:reference>/deleted/", referrals.DeletionByPhone.as_view(), name="referral_deleted"),
    path("agency/<uuid:reference>/number/", referrals.AgencyNumber.as_view(), name="agency_number"),
    path("request/<uuid:reference>/code/", referrals.Code.as_view(), name="referral_code"),
]

urlpatterns = [
    path("cases/", cases.Cases.as_view(), name="cases"),
    path("cases/work-list/", cases.Work.as_view(), name="work"),
    path("cases/new/", cases.NewCase.as_view(), name="case_new"),
    path("cases/<str:code>/", include(case_patterns)),
    path("a/<str:token>/", agency.Agency.as_view(), name="agency"),
    path("directory/", directory.Directory.as_view(), name="directory"),
    path("directory/requests/", directory.Requests.as_view(), name="requests"),
    path("directory/new/", directory.ServiceNew.as_view(), name="service_new"),
    path("directory/agencies/<uuid:reference>/", agencies.OrganisationDetail.as_view(), name="organisation"),
    path("directory/agencies/<uuid:reference>/edit/", agencies.OrganisationEdit.as_view(), name="organisation_edit"),
    path("directory/agencies/<uuid:reference>/language/", agencies.Language.as_view(), name="organisation_language"),
    path("directory/agencies/<uuid:reference>/trust/", agencies.Trust.as_view(), name="organisation_trust"),
    path("directory/agencies/<uuid:reference>/people/", agencies.PersonAdd.as_view(), name="organisation_person_add"),
    path(
        "directory/agencies/<uuid:reference>/people/<uuid:person>/off/",
        agencies.PersonOff.as_view(),
        name="organisation_person_off",
    ),
    path("directory/roles/", assignments.Roles.as_view(), name="roles"),
    path("directory/roles/<slug:role>/", assignments.RoleDetail.as_view(), name="role"),
    path("directory/roles/<slug:role>/desk/", assignments.RoleDesk.as_view(), name="role_desk"),
    path("directory/roles/<slug:role>/<int:key>/off/", assignments.RoleOff.as_view(), name="role_off"),
    path("directory/<uuid:reference>/", directory.ServiceDetail.as_view(), name="service"),
    path("directory/<uuid:reference>/edit/", directory.ServiceEdit.as_view(), name="service_edit"),
    path("directory/<uuid:reference>/confirm/", directory.ServiceConfirm.as_view(), name="service_confirm"),
    path("directory/<uuid:reference>/contact/", contacts.ContactChange.as_view(), name="contact_change"),
    path("directory/<uuid:reference>/number/", contacts.PublicNumber.as_view(), name="public_number"),
    path("directory/<uuid:reference>/hours/", premises.HoursEdit.as_view(), name="service_hours"),
    path("directory/<uuid:reference>/place/new/", premises.PlaceNew.as_view(), name="place_new"),
    path("directory/<uuid:reference>/place/<uuid:place>/", premises.PlaceReveal.as_view(), name="place_reveal"),
    path("directory/<uuid:reference>/place/<uuid:place>/off/", premises.PlaceRemove.as_view(), name="place_remove"),
    path("help/<slug:slug>/", help.find_help, name="find_help"),
]
plain_patterns = []
