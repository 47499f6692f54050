"""How requests are disguised: attacks, their combinations, and what every attack must keep."""

from interlock.trial.attacks.catalogue import ATTACKS, OBFUSCATIONS
from interlock.trial.attacks.combining import attack_named, disguise
from interlock.trial.attacks.conformance import CONFORMANCE, odd_cases
from interlock.trial.attacks.disguise import Disguise
from interlock.trial.attacks.references import REFERENCES
from interlock.trial.attacks.translation import Translation, load_translation

__all__ = [
    "ATTACKS",
    "CONFORMANCE",
    "OBFUSCATIONS",
    "REFERENCES",
    "Disguise",
    "Translation",
    "attack_named",
    "disguise",
    "load_translation",
    "odd_cases",
]
