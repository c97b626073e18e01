"""A working copy that is the published text again: nobody counts as its editor."""

from referral import actions
from referral.models import PathwayEdit
from referral.queries import editing


def test_who_undid_everything_may_sign_what_another_edits_next(
    published, pathway, manager, second_manager, signed_by, at
):
    step = pathway.step_rows.get(key="screening")
    first = step.amount
    actions.save_part(part=step, changes={"amount": first + 1}, by=manager, at=at)
    actions.save_part(part=step, changes={"amount": first + 2}, by=second_manager, at=at)
    assert len(editing.standing_of(pathway, manager).editors) == 2

    actions.save_part(part=step, changes={"amount": first}, by=manager, at=at)
    assert editing.standing_of(pathway, manager).editors == ()

    actions.save_part(part=step, changes={"amount": first + 3}, by=second_manager, at=at)
    signed_by(pathway, second_manager, manager)

    assert actions.publish_pathway(pathway=pathway, by=manager, at=at).number == 2


def test_edits_that_stand_keep_their_editors(published, pathway, manager, second_manager, at):
    step = pathway.step_rows.get(key="screening")
    actions.save_part(part=step, changes={"amount": step.amount + 1}, by=manager, at=at)
    actions.save_part(part=step, changes={"amount": step.amount + 1}, by=second_manager, at=at)

    assert len(editing.standing_of(pathway, manager).editors) == 2
    assert set(PathwayEdit.objects.filter(pathway=pathway, version_number=2).values_list("by", flat=True)) == {
        str(manager.public_id), str(second_manager.public_id),
    }  # fmt: skip
