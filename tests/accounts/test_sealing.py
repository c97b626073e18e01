import base64

import pytest

from accounts import sealing

KEYS = sealing.KeyRing("*:k1:" + base64.b64encode(b"k" * 32).decode())


def test_open_sealed_returns_the_text():
    key = KEYS.keys("LR")[0]
    sealed = sealing.seal("Wolof ŋ", key, "t.c", "row")

    assert sealing.open_sealed(sealed, [key], "t.c", "row") == "Wolof ŋ"


def test_open_sealed_refuses_a_value_moved_to_another_row():
    key = KEYS.keys("LR")[0]
    sealed = sealing.seal("secret", key, "t.c", "row")

    with pytest.raises(sealing.SealError):
        sealing.open_sealed(sealed, [key], "t.c", "another row")
