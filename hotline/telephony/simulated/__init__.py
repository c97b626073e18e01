"""The simulated provider: it runs the product's own voice documents leg by leg, with rooms, keys, holds and recordings.

It signs every request it posts. Time is given to it: `tick()` does what is due at the clock's instant, so the same
engine serves a screen in real time and a script that plays a day of calls in a second. What it does not know of the
provider's documents fails loudly (hotline.telephony.grammar).
"""

from hotline.telephony.simulated.faults import Faults
from hotline.telephony.simulated.network import Simulator
from hotline.telephony.simulated.parts import Asked, Behaviour, Heard, NetworkDown, SimCall, SimRoom

__all__ = ["Asked", "Behaviour", "Faults", "Heard", "NetworkDown", "SimCall", "SimRoom", "Simulator"]
