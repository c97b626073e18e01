import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import sealing


def ring(*ids, scope="*"):
    return sealing.KeyRing(",".join(f"{scope}:{name}:{base64.b64encode(name.encode() * 16).decode()}" for name in ids))


KEY = ring("k1").keys("LR")[0]


@given(st.text())
def test_open_sealed_returns_any_text(words):
    assert sealing.open_sealed(sealing.seal(words, KEY, "t.c", "row"), [KEY], "t.c", "row") == words


@given(st.text(min_size=4))
def test_seal_shows_nothing_of_the_text_and_never_twice_the_same(words):
    first, second = sealing.seal(words, KEY, "t.c", "row"), sealing.seal(words, KEY, "t.c", "row")

    assert first != second
    assert words not in first


@pytest.mark.parametrize(("place", "row"), [("t.c", "other row"), ("t.other", "row"), ("other.c", "row")])
def test_open_sealed_refuses_a_moved_value(place, row):
    value = sealing.seal("secret", KEY, "t.c", "row")

    with pytest.raises(sealing.SealError):
        sealing.open_sealed(value, [KEY], place, row)


@given(st.integers(min_value=0, max_value=200), st.integers(min_value=1, max_value=255))
def test_open_sealed_refuses_a_changed_value(place, change):
    value = sealing.seal("a secret of some length", KEY, "t.c", "row")
    head, key_id, encoded = value.split(".")
    raw = bytearray(base64.urlsafe_b64decode(encoded))
    raw[place % len(raw)] ^= change
    changed = f"{head}.{key_id}.{base64.urlsafe_b64encode(bytes(raw)).decode()}"

    with pytest.raises(sealing.SealError):
        sealing.open_sealed(changed, [KEY], "t.c", "row")


@pytest.mark.parametrize(
    "value", ["", "plain", "e1.k1-LR.", "e1.k1-LR.AAAA", "e1.k1-LR.%%%%", "e2.k1-LR.AAAA", "e1.k1-LR.é"]
)
def test_open_sealed_refuses_what_is_not_sealed(value):
    with pytest.raises(sealing.SealError):
        sealing.open_sealed(value, [KEY], "t.c", "row")


def test_open_sealed_refuses_a_wrong_key_of_the_same_name():
    value = sealing.seal("secret", KEY, "t.c", "row")
    other = sealing.Key(KEY.id, b"x" * 32)

    with pytest.raises(sealing.SealError):
        sealing.open_sealed(value, [other], "t.c", "row")


def test_open_sealed_reads_with_the_old_key_while_both_are_there():
    value = sealing.seal("secret", ring("k1").keys("LR")[0], "t.c", "row")

    assert sealing.open_sealed(value, ring("k2", "k1").keys("LR"), "t.c", "row") == "secret"
    with pytest.raises(sealing.SealError):
        sealing.open_sealed(value, ring("k2").keys("LR"), "t.c", "row")


def test_key_ring_prefers_the_scopes_own_key():
    both = sealing.KeyRing(f"*:k1:{base64.b64encode(b'a' * 32).decode()},LR:k9:{base64.b64encode(b'b' * 32).decode()}")

    assert [key.id for key in both.keys("LR")] == ["k9", "k1-LR"]
    assert [key.id for key in both.keys("HT")] == ["k1-HT"]
    assert both.keys("HT")[0].secret != both.keys("TN")[0].secret


@pytest.mark.parametrize("text", ["*:k1", "*:k1:short", "*:k1:AAAA", "*:k1:é"])
def test_key_ring_refuses_what_is_no_key(text):
    with pytest.raises(sealing.NoSealKey):
        sealing.KeyRing(text)


def test_key_ring_reads_a_file(tmp_path):
    file = tmp_path / "keys"
    file.write_text(f"*:k1:{base64.b64encode(b'a' * 32).decode()}\n")

    assert sealing.KeyRing(f"@{file}").keys("*")[0].id == "k1"


def test_blind_index_differs_by_purpose_and_key():
    other = ring("k2").keys("index")[0]
    values = {
        sealing.blind_index("+231770000000", KEY, "caller"),
        sealing.blind_index("+231770000000", KEY, "agency"),
        sealing.blind_index("+231770000000", other, "caller"),
    }

    assert len(values) == 3
    assert sealing.blind_index("+231770000000", KEY, "caller") in values
