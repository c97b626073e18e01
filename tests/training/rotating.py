"""A new index key of the installation, in front of the one that was there, and the old one taken out."""

import base64

INDEX = "index:new:" + base64.b64encode(b"a newer key of indexes, 32 bytes").decode()
OTHER = "index:old:" + base64.b64encode(b"an older key of indexes 32 bytes").decode()


def with_new_index_key(settings):
    """Put a new index key in front of those that are there, as the README says."""
    settings.SEAL_KEYS = f"{INDEX},{settings.SEAL_KEYS}"


def without_old_index_key(settings):
    """Have the new index key only; what the general key seals still opens."""
    settings.SEAL_KEYS = ",".join(one for one in settings.SEAL_KEYS.split(",") if not one.startswith("index:old"))
