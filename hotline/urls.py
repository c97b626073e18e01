"""Addresses of this room: `urlpatterns` under the language prefix, `plain_patterns` at the root."""

from django.urls import path

from hotline import webhooks
from hotline.views import audio, calls, console, erasing, holds, lines, phone, prompts, roster, sheet, telephone, texts
from hotline.views.access import in_local_time as local

app_name = "hotline"
urlpatterns = [
    path("console/", local(console.Console.as_view()), name="console"),
    path("console/live/", console.live, name="console_live"),
    path("console/at-hand/", local(console.at_hand), name="at_hand"),
    path("console/state/", console.set_state, name="operator_state"),
    path("console/telephone/", local(telephone.Telephone.as_view()), name="telephone"),
    path("console/telephone/call/", telephone.call_again, name="telephone_call"),
    path("console/telephone/remove/", telephone.remove, name="telephone_remove"),
    path("console/telephone/live/", telephone.live, name="telephone_live"),
    path("console/<uuid:public_id>/take/", console.take, name="take"),
    path("console/<uuid:public_id>/call/<slug:act>/", local(console.control), name="control"),
    path("console/<uuid:public_id>/sheet/", local(sheet.show_sheet), name="sheet"),
    path("console/<uuid:public_id>/answer/", local(sheet.answer), name="answer"),
    path("console/<uuid:public_id>/language/", sheet.set_language, name="set_language"),
    path("console/<uuid:public_id>/note/", local(sheet.note), name="note"),
    path("console/<uuid:public_id>/safety/", local(sheet.Safety.as_view()), name="safety"),
    path("console/<uuid:public_id>/case/", sheet.open_case, name="open_case"),
    path("console/<uuid:public_id>/wrap-up/", sheet.wrap_up, name="wrap_up"),
    path("console/<uuid:public_id>/read/", texts.read_messages, name="read_messages"),
    path("console/<uuid:public_id>/text/", local(texts.send_text), name="send_text"),
    path("console/<uuid:public_id>/text/claim/", texts.claim, name="claim_text"),
    path("console/<uuid:public_id>/text/take-over/", texts.take_over, name="take_over_text"),
    path("calls/", local(calls.CallLog.as_view()), name="call_log"),
    path("calls/missed/", local(calls.Missed.as_view()), name="missed"),
    path("calls/export/", local(calls.export), name="export_log"),
    path("calls/<uuid:public_id>/", local(calls.ContactPage.as_view()), name="contact"),
    path("calls/<uuid:public_id>/number/", local(calls.show_number), name="show_number"),
    path("calls/<uuid:public_id>/message/<uuid:recording>/", calls.hear_message, name="hear_message"),
    path("calls/<uuid:public_id>/erase/", local(erasing.EraseContact.as_view()), name="erase_contact"),
    path("calls/<uuid:public_id>/hold/", local(holds.HoldContact.as_view()), name="hold_contact"),
    path("calls/<uuid:public_id>/owner/", calls.give_owner, name="give_owner"),
    path("calls/<uuid:public_id>/close/", calls.close_follow_up, name="close_follow_up"),
    path("roster/", local(roster.Roster.as_view()), name="roster"),
    path("roster/mine/", local(roster.MyShifts.as_view()), name="my_shifts"),
    path("roster/<int:shift>/remove/", local(roster.RemoveShift.as_view()), name="remove_shift"),
    path("roster/line/<uuid:line>/mode/", roster.set_mode, name="set_mode"),
    path("lines/", local(lines.Lines.as_view()), name="lines"),
    path("lines/<uuid:line>/", local(lines.EditLine.as_view()), name="line"),
    path("lines/<uuid:line>/day/", local(lines.add_day), name="exception_add"),
    path("lines/<uuid:line>/day/remove/", local(lines.drop_day), name="exception_remove"),
    path("lines/<uuid:line>/prompts/", local(prompts.Prompts.as_view()), name="prompts"),
    path("lines/<uuid:line>/prompts/<slug:language>/", local(prompts.PromptsIn.as_view()), name="prompts_in"),
    path("lines/<uuid:line>/prompts/<slug:language>/files/", local(prompts.upload_many), name="prompts_upload"),
    path("lines/<uuid:line>/prompts/<slug:language>/<slug:key>/", local(prompts.upload), name="prompt_upload"),
    path("lines/<uuid:line>/recordings/<int:recording>/heard/", local(prompts.confirm), name="prompt_heard"),
    path("lines/<uuid:line>/recordings/<int:recording>/remove/", local(prompts.remove), name="prompt_remove"),
    path("demo/phone/", phone.phone, name="phone"),
    path("demo/phone/<uuid:public_id>/", phone.phone_screen, name="phone_screen"),
    path("demo/phone/<uuid:public_id>/live/", phone.phone_live, name="phone_live"),
    path("demo/phone/<uuid:public_id>/<slug:act>/", phone.phone_act, name="phone_act"),
]
plain_patterns = [
    path("hotline/twilio/voice/", webhooks.voice, name="voice"),
    path("hotline/twilio/voice/<slug:step>/", webhooks.voice, name="voice_step"),
    path("hotline/twilio/status/", webhooks.status, name="status"),
    path("hotline/twilio/message/", webhooks.message, name="message"),
    path("hotline/twilio/message-status/", webhooks.message_status, name="message_status"),
    path("hotline/audio/<slug:language>/<slug:key>/<slug:content_hash>/", audio.recording, name="audio"),
]
