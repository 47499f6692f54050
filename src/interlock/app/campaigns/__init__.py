"""Red-team campaigns: what was found, what it was grouped into, and what that led to."""

from interlock.app.campaigns.failure_modes import (
    Among,
    ProposedMode,
    ProposedModes,
    link_mode,
    list_modes,
    name_mode,
    propose_modes,
)
from interlock.app.campaigns.findings import (
    CampaignFindings,
    CampaignStatus,
    Planned,
    Rated,
    campaign_findings,
    campaign_status,
    new_campaign,
    record_finding,
)
from interlock.app.campaigns.misuse import (
    MisuseReport,
    QuarterCoverage,
    misuse_potential,
    quarter_coverage,
)

__all__ = [
    "Among",
    "CampaignFindings",
    "CampaignStatus",
    "MisuseReport",
    "Planned",
    "ProposedMode",
    "ProposedModes",
    "QuarterCoverage",
    "Rated",
    "campaign_findings",
    "campaign_status",
    "link_mode",
    "list_modes",
    "misuse_potential",
    "name_mode",
    "new_campaign",
    "propose_modes",
    "quarter_coverage",
    "record_finding",
]
