"""Files that came with messages: shown or played only as what their bytes are, and nothing in them is ever run."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from hotline.actions import exports
from hotline.attachments import OTHER
from hotline.models import Attachment
from hotline.views.access import contact_for, reads


@require_GET
def open_attachment(request, public_id, attachment):
    """Give a file to who may read the conversation, recorded as opened; what is no picture or sound is only saved."""
    contact = contact_for(request.user, public_id, "read_sheet")
    row = get_object_or_404(Attachment.objects.select_related("contact"), contact=contact, public_id=attachment)
    if row.content is None or not reads(request.user, contact):
        raise Http404
    try:
        content = exports.open_attachment(attachment=row, by=request.user, at=timezone.now())
    except exports.TooMany as error:
        seconds = int((error.opens_at - timezone.now()).total_seconds()) + 1
        return HttpResponse(status=429, headers={"Retry-After": str(seconds)})
    is_shown = row.is_picture or row.is_played
    answer = HttpResponse(content, content_type=row.content_type if is_shown else OTHER)
    if not is_shown:
        answer["Content-Disposition"] = f'attachment; filename="{row.public_id.hex[:8]}.bin"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
