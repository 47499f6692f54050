"""What other tools read: a decision and its assessment in the forms of others."""

from interlock.adapters.exchange.cyclonedx import model_card
from interlock.adapters.exchange.dossier import Dossier
from interlock.adapters.exchange.ltac import safety_case
from interlock.adapters.exchange.oscal import assessment_results
from interlock.adapters.exchange.sigstore import sigstore_bundle
from interlock.adapters.exchange.slsa import signed_summary, verification_summary
from interlock.adapters.exchange.standing import Source, Standing
from interlock.adapters.exchange.withholding import hidden_from, withhold

__all__ = [
    "Dossier",
    "Source",
    "Standing",
    "assessment_results",
    "hidden_from",
    "model_card",
    "safety_case",
    "signed_summary",
    "sigstore_bundle",
    "verification_summary",
    "withhold",
]
