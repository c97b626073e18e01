"""Whether a browser may serve as a telephone, judged by what one trial call measured there. Pure.

A network that lets no sound pass gives a call that is silent without any error, so what came in is counted.
"""

from dataclasses import dataclass

FEWEST = 50  # packets in the seconds of a trial; fifty come in each second
DELAYS = (400, 1000)  # milliseconds there and back: above the first it is weak, above the second nobody can talk
JITTERS = (30, 100)  # milliseconds
LOSSES = (30, 100)  # of a thousand packets


@dataclass(frozen=True)
class Trial:
    """What a browser measured: what went wrong ("" for nothing), packets that came, delay, jitter, losses."""

    problem: str = ""
    packets: int = 0
    delay: int = 0
    jitter: int = 0
    lost: int = 0


def judged(trial: Trial) -> str:
    """Return the result of a trial (hotline.choices.TrialResult)."""
    if trial.problem:
        return trial.problem
    if trial.packets < FEWEST:
        return "no_sound"
    measured = ((trial.delay, DELAYS), (trial.jitter, JITTERS), (trial.lost, LOSSES))
    if any(value > most for value, (_weak, most) in measured):
        return "bad_line"
    return "weak" if any(value > weak for value, (weak, _most) in measured) else "good"
