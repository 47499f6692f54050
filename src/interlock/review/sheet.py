"""The sheet that a person fills in: every field of an assessment, with what belongs there."""

SHEET = """\
# Safety Impact Assessment: the half that a person writes.
# Subject, seal, deviations, evidence, what speaks against, attempts, scores and residual risk are
# filled from the ledger when you submit; typing them here is refused. `interlock assess check`
# names every blank that is left, so write in any order.

# --- 1 Identity ---------------------------------------------------------------------------------
id: {id}
title: ""
version: 1
# final once you stand by every word.
status: draft
# What it replaces, from version 2 on.
supersedes: ""
product: {product}
# normal: the panel. standard: inside a standing go, whose identity stands in `follows`.
# emergency: on-call and one required role now, the panel afterwards.
change: normal
follows: ""
# Days until a go ends, and what makes another assessment necessary before that.
valid_days: 90
reassess_when: []

# --- 3 Use --------------------------------------------------------------------------------------
# What the release is for; for whom, in which languages, on which tiers of service.
purpose: ""
users: []
languages: []
tiers: []
# What it is not for, and the misuse that can be foreseen.
excluded_uses: []
misuse: []

# --- 4 Regimes ----------------------------------------------------------------------------------
# Rules in play, and rules that are not, each with the reason:
#   - {{name: EU AI Act, role: deployer, reason: ""}}
regimes: []

# --- 5 Affected parties -------------------------------------------------------------------------
# group: users, non-users, minors, low-resource-languages or others; each but others must be there.
affected:
  - {{group: users, who: "", how: ""}}
  - {{group: non-users, who: "", how: ""}}
  - {{group: minors, who: "", how: ""}}
  - {{group: low-resource-languages, who: "", how: ""}}

# --- 6 Hazards ----------------------------------------------------------------------------------
# category: one of
{categories}
# severity: a level on the category's scale in the charter.
# exposure: occasions a year on which the scenario could begin, as a range. Ranges, everywhere:
#   {{kind: fixed, value: 3}}               {{kind: uniform, low: 1, high: 3}}
#   {{kind: pert, low: 1, mode: 3, high: 10}}, also triangular
#   {{kind: lognormal, p5: 100, p95: 10000}} {{kind: beta, a: 1.5, b: 99.5}}
# metric: what measures it, so that its residual risk can be filled; leave it out where none does.
#   Sealed by {hypothesis}: {metrics}
# acceptance: who takes on what remains, up to which level (severity points a year, P95);
#   as_it_is: true where there is no mitigation at all.
hazards:
  - id: first
    category: {category}
    scenario: ""
    actor: ""
    severity: 1
    detectability: ""
    acceptance: {{by: "", reason: ""}}

# --- 7 Risk scores ------------------------------------------------------------------------------
# The charter's scores. Give each input a range and its grounds, such as
#   - {{input: reach, range: {{kind: pert, low: 0.1, mode: 0.3, high: 0.6}}, grounds: ""}}
# One whose P95 may be over the charter's limit needs, beside its inputs, who takes that on:
#   acceptance: {{by: "", reason: ""}}
scores:{scores}

# --- 8 Seal -------------------------------------------------------------------------------------
# What went otherwise than it was sealed; each needs the reason how it came about.
deviation_reasons:{deviations}

# --- 9 Evidence ---------------------------------------------------------------------------------
# How hard it was tried to make the candidate fail: by whom, with which means, for how long.
elicitation: ""

# --- 10 What speaks against ---------------------------------------------------------------------
# Claims of other seals on the same systems or evidence that did not pass and that this
# hypothesis no longer judges; each needs the reason why it was dropped.
dropped:{dropped}
# Red lines of the charter that no criterion of this hypothesis measures; each needs a reason.
unmeasured_red_lines:{unmeasured}

# --- 11 Limits of validity ----------------------------------------------------------------------
# Where the evidence says nothing: languages, modalities, lengths, tools, time, contamination.
limits: []

# --- 12 Mitigations -----------------------------------------------------------------------------
# measured_by: the sealed criterion that shows the effect, word for word; what it measured is in
#   the bound already. One of
{criteria}
# effect: the share it stops beyond that, as a range in [0, 1], with grounds. verified: a day.
mitigations:
  - control: ""
    hazards: [first]
    owner: ""
    fails_when: ""
    verified: ""

# --- 14 Alternatives and benefits ---------------------------------------------------------------
# What happens if nothing is released, and what else was weighed:
#   - {{option: "", why_not: ""}}
not_shipping: ""
alternatives: []
# What is gained; apart, so that it is not set off against harm unseen.
benefits: []

# --- 15 Safety case -----------------------------------------------------------------------------
# One claim at the top; others support it. evidence: sealed criteria, word for word.
# defeaters: doubts, each open, resolved or accepted; an open one keeps everybody from signing:
#   - {{claim: top, text: "", state: resolved, reason: "", by: ""}}
safety_case:
  claims:
    - {{id: top, text: "", argument: "", evidence: [], assumptions: []}}
  defeaters: []

# --- 16 Monitoring ------------------------------------------------------------------------------
# What is watched, out of what, over how long; the rule that raises an alarm and how often it does
# so when nothing is wrong; who is called; what is served instead:
#   - {{metric: "", denominator: "", window: "", threshold: "", false_alarms: "", pages: "",
#      rollback: ""}}
monitoring: []
# How serving is stopped at once, and the day it was last tried.
kill_switch: {{how: "", tested: ""}}

# --- 17 Incidents -------------------------------------------------------------------------------
# levels: {{level: "", when: "", response: ""}}, worst first.
# clocks: {{to: "", rule: "", event: "", hours: 24}}; California's SB 53 gives 15 days (360 hours),
#   and 24 hours where death or serious injury is imminent.
incidents:
  levels: []
  clocks: []
  contact: ""

# --- 18 Conditions ------------------------------------------------------------------------------
# Bounds that a machine checks when serving:
#   - {{kind: max_traffic_percent, limit: "10"}}
#   - {{kind: tier, limit: internal}}
#   - {{kind: feature_off, limit: web-search}}{blocked}
conditions: []

# --- 19 Interests -------------------------------------------------------------------------------
# Who gains or loses, yourself first, and how that is kept from deciding:
#   - {{person: "", interest: "", handled: ""}}
interests: []
# What keeps those who judge apart from those who want the release.
independence: ""

# --- 21 Disclosure ------------------------------------------------------------------------------
# Only where a field is for others than by default: public, regulator, internal, privileged:
#   - {{field: regimes, to: privileged}}
disclosure: []

# --- 22 Retention -------------------------------------------------------------------------------
retention:
  years: 10
  reason: ""
  legal_hold: false
  matter: ""
"""
