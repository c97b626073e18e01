"""Certificates: a learner's own, to fetch and to decide about; a manager's, to look at and to withdraw."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.rules import RULES as ACCOUNTS
from accounts.rules import allowed
from accounts.views.clocks import in_own_time
from languages.text import listed
from training import actions, printing, queries
from training.forms import CertificateFilter, WithdrawalForm
from training.rules import RULES
from training.views.printed import pdf_response

ON_A_PAGE = 50


@require_GET
@in_own_time
def mine(request):
    """Show a person's certificates: how each stands, its code, what can be fetched, whether its page says her name."""
    found = queries.held(queries.certificates_of(request.user), timezone.now())
    causes = queries.causes((one.certificate for one in found), to_holder=True)
    begun = queries.begun_courses(request.user, get_language())
    tests = {row.page: f"{row.url}#test" for row in begun if not row.is_off}
    rows = [
        (
            one,
            one.heading(get_language()),
            causes.get(one.certificate.pk, ""),
            tests.get(one.certificate.enrolment.course_id),
        )
        for one in found
    ]
    context = {
        "rows": [row for row in rows if not row[0].replaced_by],
        "past": [row for row in rows if row[0].replaced_by],
        "has_name": bool(request.user.name.strip()),
    }
    return render(request, "training/my_certificates.html", context)


def _own(request, certificate):
    """Return one of the person's own certificates that was not withdrawn."""
    row = queries.certificates_of(request.user).filter(public_id=certificate, withdrawal=None).first()
    if row is None:
        raise Http404
    return row


@require_POST
def name(request, certificate):
    """Let the page of a certificate say the holder's name, or take that back."""
    row, now = _own(request, certificate), timezone.now()
    if request.POST.get("shown") == "yes":
        actions.show_name(certificate=row, by=request.user, at=now)
        messages.success(request, _("The page of this certificate now says your name."))
    else:
        actions.hide_name(certificate=row, by=request.user, at=now)
        messages.success(request, _("The page of this certificate no longer says your name."))
    return redirect("training:certificates")


@never_cache
@require_GET
def sheet(request, certificate):
    """Send a certificate as PDF; with ?badge=1 its signed badge stands on a second page as a code to scan."""
    row, now = _own(request, certificate), timezone.now()
    held = queries.held([row], now)[0]
    printed = actions.printed_name(certificate=row, by=request.user, at=now)
    badge = actions.badge_of(certificate=row, by=request.user, at=now) if request.GET.get("badge") else ""
    with timezone.override(row.zone):
        return pdf_response(
            request,
            lambda: printing.certificate_sheet(held, name=printed, on=timezone.localdate(), badge=badge),
            f"certificate-{row.code}.pdf",
            back=reverse("training:certificates"),
        )


@never_cache
@require_GET
def badge(request, certificate):
    """Send a certificate as an Open Badge: a picture that carries the signed credential."""
    row = _own(request, certificate)
    token = actions.badge_of(certificate=row, by=request.user, at=timezone.now())
    response = HttpResponse(printing.badge_picture(row, token), content_type="image/svg+xml")
    response["Content-Disposition"] = f'attachment; filename="badge-{row.code}.svg"'
    return response


@require_GET
@in_own_time
def issued(request):
    """Show a manager the certificates of her country; that she read the names is recorded."""
    form = CertificateFilter(request.GET, courses=queries.course_choices(get_language()))
    wanted = form.cleaned_data if form.is_valid() else {}
    course, code = wanted.get("course", ""), wanted.get("code", "")
    rows = queries.certificates_matching(
        request.user, course=course, code=code, named=actions.indexes_of_name(code) if code else ()
    )
    page, now = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page")), timezone.now()
    actions.note_names_read(by=request.user, rows=len(page), at=now)
    names = actions.names_on(page.object_list, by=request.user, at=now, reason="certificates")
    page.object_list = [
        (one, one.heading(get_language()), names[one.certificate.pk]) for one in queries.held(page.object_list, now)
    ]
    return render(request, "training/certificates.html", {"filter": form, "page": page, "is_filtered": bool(wanted)})


@require_http_methods(["GET", "POST"])
@in_own_time
def withdraw(request, certificate):
    """Withdraw a certificate of the manager's country, with a reason; nothing else of it changes."""
    row = queries.certificates_visible_to(request.user).filter(public_id=certificate).first()
    if row is None or not allowed(request.user, RULES, "withdraw_certificate", row):
        raise Http404
    form, now = WithdrawalForm(request.POST if request.method == "POST" else None), timezone.now()
    if request.method == "POST" and form.is_valid():
        try:
            return _withdrawn(request, row, form.cleaned_data, now)
        except (actions.NamelessHolder, actions.NameUnchanged, actions.NameNotPrintable) as refusal:
            form.add_error("reason", str(refusal))
    held = queries.held([row], now)[0]
    context = {
        "one": held,
        "heading": held.heading(get_language()),
        "named": actions.names_on([row], by=request.user, at=now, reason="withdrawal", is_exact=True)[row.pk],
        "form": form,
        "account_url": _account_of(request, row),
        "decision": queries.withdrawals([row]).get(row.pk),
        **_again(request, row, now),
    }
    return render(request, "training/withdraw.html", context, status=422 if form.errors else 200)


def _account_of(request, row) -> str:
    """Return where this person may correct the name of the holder's account; nothing where she may not."""
    may = allowed(request.user, ACCOUNTS, "change_roles", row.learner.user)
    return reverse("accounts:person", args=[row.learner.user.public_id]) if may else ""


def _withdrawn(request, row, given, now):
    told = _again(request, row, now)
    try:
        new = actions.withdraw_certificate(certificate=row, by=request.user, at=now, **given)
    except actions.AlreadyWithdrawn as refusal:
        messages.warning(request, str(refusal))
        return redirect("training:issued")
    if new is None:
        messages.success(request, _("The certificate is withdrawn. Whoever checks it is told so from now on."))
    else:
        messages.success(
            request, _("The certificate is withdrawn, and a new one with the name as it stands now is issued.")
        )
        _tell_alike(request, row, now)
    if new is None and told["again"] is not None:
        messages.warning(request, _counts_again(**told))
    return redirect("training:issued")  # fmt: skip


def _tell_alike(request, row, now) -> None:
    """Tell who corrected a name on which other certificate the wrong one stands still, and lead there."""
    alike = actions.named_alike(row, by=request.user, at=now)
    may = [one for one in alike if allowed(request.user, RULES, "withdraw_certificate", one.certificate)]
    if not may:
        return
    told = ngettext(
        "Another certificate of the same holder still bears the old name: %(codes)s.",
        "%(count)s other certificates of the same holder still bear the old name: %(codes)s.",
        len(may),
    ) % {"count": len(may), "codes": listed((one.code for one in may), get_language())}
    address = reverse("training:withdraw", args=[may[0].certificate.public_id])
    messages.warning(request, format_html('{} <a href="{}">{}</a>', told, address, _("Correct it there as well")))


def _again(request, row, now) -> dict:
    """Return the earlier certificate that counts again without this one, and where this manager may withdraw it as well."""
    again = queries.counting_again(row, now)
    may = again is not None and allowed(request.user, RULES, "withdraw_certificate", again.certificate)
    where = reverse("training:withdraw", args=[again.certificate.public_id]) if may else ""
    return {"again": again, "again_url": where}


def _counts_again(again, again_url: str) -> str:
    told = _("The earlier certificate %(code)s of this course counts again.") % {"code": again.code}
    if not again_url:
        return told
    return format_html('{} <a href="{}">{}</a>', told, again_url, _("Withdraw the earlier certificate as well"))
