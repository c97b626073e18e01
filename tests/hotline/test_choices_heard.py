"""The timeline says that the choices were heard only where a waiting caller heard them: not where she hung up."""

import pytest
from django.urls import reverse

pytestmark = [pytest.mark.django_db, pytest.mark.either]
WORDS = "Heard the choices while waiting"


def timeline(desk, network):
    return desk.get(reverse("hotline:contact", args=[network.contact.public_id])).content.decode().count(WORDS)


@pytest.mark.parametrize("is_told_first", [False, True])
def test_who_hangs_up_while_waiting_heard_no_choices(network, desk, is_told_first):
    network.queued()
    if is_told_first:
        network.status("completed", "9")
    network.step("left", 2, DialCallStatus="completed", CallStatus="completed")
    if not is_told_first:
        network.status("completed", "9")

    assert network.contact.outcome == "abandoned"
    assert timeline(desk, network) == 0


def test_who_hangs_up_before_the_choices_end_leaves_no_entry(network, desk):
    network.queued()
    menu = network.step("left", 2, DialCallStatus="completed")
    network.status("completed", "9")

    assert "To keep your place, press 1" in menu.said()
    assert timeline(desk, network) == 0


@pytest.mark.parametrize(("keys", "entries"), [
    (["1"], ["choices_heard", "kept_waiting"]), ([""], ["choices_heard", "kept_waiting"]),
    (["0", "7", "1"], ["not_a_choice", "choices_heard", "kept_waiting"]), (["2"], ["choices_heard", "callback_asked"]),
    (["3"], ["choices_heard", "message_asked"]), (["4"], ["choices_heard"])])  # fmt: skip
@pytest.mark.parametrize("way", ["left", "queue"])
def test_who_pressed_the_star_and_chose_or_waited_to_the_end_heard_them_once(
    network, desk, operator, way, keys, entries
):
    network.queued()
    network.step(way, 2, **({"Digits": "*"} if way == "queue" else {"DialCallStatus": "completed"}))
    for turn, key in enumerate(keys, start=3):
        network.step("choices", turn, Digits=key)

    kinds = list(network.contact.events.order_by("id").values_list("kind", flat=True))
    assert kinds[-len(entries) :] == entries
    assert kinds.count("choices_heard") == timeline(desk, network) == 1
