"""The roof's own doors: health, errors."""

from django.http import HttpResponse
from django.shortcuts import render


def livez(request):
    """Answer that the process is alive; touches no database."""
    return HttpResponse("ok", content_type="text/plain")


def csrf_failure(request, reason=""):
    """Say what to do when a form was open too long."""
    return render(request, "403.html", {"reason": "form"}, status=403)
