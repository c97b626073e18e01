"""The pace of the machine: what a neighbour takes from it is not told as the product's."""

import statistics

from cms import bench_pace


def test_turns_on_a_core_that_is_shared_for_a_while_are_told_at_its_full_speed(monkeypatch):
    monkeypatch.setattr(bench_pace, "_seen", [0.001] * 500 + [0.002] * 500)

    told = bench_pace.milliseconds([0.004] * 10 + [0.008] * 30, [0.001] * 10 + [0.002] * 30)

    assert (told, told.raw) == (4.0, 8.0)


def test_a_program_that_works_more_is_told_as_such_at_any_speed(monkeypatch):
    monkeypatch.setattr(bench_pace, "_seen", [0.001] * 1000)

    assert bench_pace.milliseconds([0.008] * 9, [0.001] * 9) == 8.0
    assert bench_pace.milliseconds([0.016] * 9, [0.002] * 9) == 8.0


def test_full_speed_is_measured_before_the_first_figure_and_never_above_the_typical(monkeypatch):
    monkeypatch.setattr(bench_pace, "_seen", [])

    assert 0 < bench_pace.full_speed() <= bench_pace.typical()
    assert len(bench_pace._seen) == bench_pace.CALIBRATION
    assert bench_pace.typical() == statistics.median(bench_pace._seen)
