"""Who calls: withheld numbers first, then numbers, network users, messaging ids, softphones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.callers import called_number, caller_from, e164


@pytest.mark.parametrize(
    "sent",
    ["", None, "anonymous", "Anonymous", "RESTRICTED", "blocked", "unknown", "unavailable", "private",
     "anonymous@anonymous.invalid", "sip:anonymous@anonymous.invalid", '"Anonymous" <sip:anonymous@anonymous.invalid>',
     "+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253", "266696687"],
)  # fmt: skip
def test_withheld_number_has_no_value_and_never_links(sent):
    caller = caller_from(sent, "LR")

    assert (caller.kind, caller.value, caller.can_link, caller.can_text) == ("withheld", "", False, False)


@pytest.mark.parametrize(
    ("sent", "country", "kind", "value"),
    [
        ("+231770001111", "LR", "phone", "+231770001111"),
        ("0770001111", "LR", "phone", "+231770001111"),
        ("sip:+231770001111@10.0.0.1:5060;transport=udp", "LR", "phone", "+231770001111"),
        ("sip:%2B231770001111@10.0.0.1", "LR", "phone", "+231770001111"),
        ('"A name" <sip:+231770001111@carrier>', "LR", "phone", "+231770001111"),
        ("tel:+231-77-000-1111;phone-context=x", "LR", "phone", "+231770001111"),
        ("٠٧٧٠٠٠١١١١", "LR", "phone", "+231770001111"),
        ("whatsapp:+231770001111", "LR", "phone", "+231770001111"),
        ("whatsapp:US.1234567890", "LR", "bsuid", "US.1234567890"),
        ("sip:desk7@10.0.0.1", "LR", "sip", "desk7@10.0.0.1"),
        ("sip:desk7@GW.example:5060;transport=udp", "LR", "sip", "desk7@gw.example"),
        ("sip:US.desk@10.0.0.1", "LR", "sip", "US.desk@10.0.0.1"),
        ("client:op_0123456789abcdef", "LR", "client", "op_0123456789abcdef"),
    ],
)
def test_caller_is_classed(sent, country, kind, value):
    caller = caller_from(sent, country)

    assert (caller.kind, caller.value) == (kind, value)


@pytest.mark.parametrize(
    "sent",
    ["0", "00", "+0", "+1", "1000", "99999", "+10000000000", "+2319", "00266696687", "N/A", "no number", "Unknown Caller",
     "Anonymous Caller", "asserted", "MTN", "2883", "sip:2883@10.0.0.1", "sip:+0@10.0.0.1", "sip:nobody@10.0.0.1",
     "sip:N/A@10.0.0.1", "sip:unknown-caller@10.0.0.1", "sip:trunk1@10.0.0.1", "sip:desk7@unknown", "sip:desk7", "desk7",
     "desk7@10.0.0.1"],
)  # fmt: skip
def test_what_names_nobody_is_kept_as_it_came_and_never_links(sent):
    caller = caller_from(sent, "LR")

    assert (caller.kind, caller.can_link, caller.can_text) == ("unknown", False, False)
    assert caller.value
    assert caller.value in sent


@pytest.mark.parametrize(
    "sent", ["266696687", "tel:266696687", "266 696 687", "266-696-687", "sip:tel:266696687@10.0.0.1"]
)
def test_a_number_that_stands_for_withheld_ones_is_withheld_in_each_form(sent):
    assert caller_from(sent, "RW").kind == "withheld"


@given(st.text(max_size=60), st.sampled_from(["LR", "HT", "BD", "", "XX"]))
def test_no_text_raises(text, country):
    assert caller_from(text, country).kind in {"phone", "sip", "bsuid", "client", "unknown", "withheld"}
    assert isinstance(called_number(text), str)


@pytest.mark.parametrize(
    ("sent", "number"),
    [
        ("2883", "2883"),
        ("+2312883", "+2312883"),
        ("sip:2883@10.1.2.3:5060", "2883"),
        ("whatsapp:+231 288 3", "+2312883"),
    ],
)
def test_called_number_is_what_lines_list(sent, number):
    assert called_number(sent) == number


def test_what_is_too_short_is_no_number():
    assert e164("12", "LR") == ""


def test_letters_are_never_read_as_keys():
    assert e164("+231 77 CALL NOW", "LR") == ""
    assert e164("tel:+231770000001;phone-context=x") == "+231770000001"
