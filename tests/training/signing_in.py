"""An official who signs in by her password, as one does whose session was over."""

import pytest

PASSWORD = "lanterns over the harbour"


@pytest.fixture
def official(official):
    """The official, with a password to sign in with."""
    official.set_password(PASSWORD)
    official.save()
    return official
