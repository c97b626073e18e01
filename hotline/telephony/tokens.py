"""The token with which a browser may call out through our application for an hour: made here, asked of nobody."""

from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant

from hotline.telephony.browser import BrowserAccess

SECONDS = 3600  # the longest; a call that has begun goes on when its token has expired


def browser_token(access: BrowserAccess, identity: str) -> str:
    """Return a token for one identity: out through our application alone, nothing comes in."""
    token = AccessToken(access.account, access.key, access.secret, identity=identity, ttl=SECONDS)
    token.add_grant(VoiceGrant(outgoing_application_sid=access.app))
    return token.to_jwt()
