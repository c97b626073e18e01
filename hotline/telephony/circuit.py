"""When an account at the provider is left alone because it does not answer: a value in, an instant out. Pure.

After five failures in a row it is asked again only after a pause that grows; what somebody on the line waits for probes
every few seconds, and a hang-up is never held back. One answer, whatever it says, closes the circuit.
"""

import datetime as dt

OPEN_AFTER = 5
PAUSES = (10, 20, 40, 80, 120)  # seconds after the fifth failure, the sixth, and so on; the last one from then on
PROBE = dt.timedelta(seconds=5)


def asked_again_at(failures: int, failed_at: dt.datetime, *, is_urgent: bool = False) -> dt.datetime:
    """Return from when an account may be asked again after so many failures in a row, the last one at an instant."""
    if failures < OPEN_AFTER:
        return failed_at
    pause = dt.timedelta(seconds=PAUSES[min(failures - OPEN_AFTER, len(PAUSES) - 1)])
    return failed_at + (min(PROBE, pause) if is_urgent else pause)
