"""The words of what `./fanal doctor` finds at the provider."""

from hotline.queries.doors import Looked
from hotline.telephony.doors import DoorFault

AGAIN = "write it with manage.py export_fallback and put it on other hosting"
WORDS = {
    "no_door": "{door}: the account has neither this number nor a SIP domain or trunk; calls of the line cannot come in.",
    "application": "{door}: a TwiML application ({found}) stands above the number's own addresses; take it off the number.",
    "voice": "{door}: “a call comes in” must be {wanted}; there is {found}.",
    "status": "{door}: “call status changes” must be {wanted}; there is {found}.",
    "text": "{door}: “a message comes in” must be {wanted}; there is {found}.",
    "caller_id": "{door}: telephones that the line rings (duty phone, operators) would be shown {door}, which is no number"
    " in international form and may be refused: write a number of the account, or one that is verified there, with + among"
    " the numbers that the line answers.",
    "app_voice": "the TwiML application {door}: its request URL must be {wanted}; there is {found}.",
    "app_status": "the TwiML application {door}: its status callback must be {wanted}; there is {found}.",
    "no_app": "the TwiML application {door} of TWILIO_VOICE_APP cannot be read ({found}); no browser can join a call.",
    "no_fallback": "{door}: no fallback URL is set; callers hear an error when this host is down: " + AGAIN + ".",
    "fallback_host": "{door}: the fallback {found} must be https and on other hosting than Fanal: " + AGAIN + ".",
    "fallback_method": "{door}: the fallback is asked by {found}; set it to {wanted}.",
    "fallback_silent": "{door}: the fallback does not answer a POST ({found}); TwiML Bins do, many static hosts do not.",
    "fallback_document": "{door}: the fallback answers with something that is no such document ({found}): "
    + AGAIN
    + ".",
    "fallback_old": "{door}: the fallback shows the caller's number to the duty phone, or says nothing where nobody answers"
    " there: " + AGAIN + ".",
    "fallback_number": "{door}: the fallback rings “{found}”, and the duty phone is {wanted}: " + AGAIN + ".",
}


def words_of(fault: DoorFault) -> str:
    """Return a sentence that says what to do about one fault."""
    return "At the provider, " + WORDS[fault.code].format(
        door=fault.door, wanted=fault.wanted, found=fault.found.strip() or "nothing"
    )


def unasked_words(looked: Looked) -> str:
    """Return why nobody could look at an account."""
    return f"the account {looked.account[:6]}… was not compared with the lines: {looked.unasked}"
