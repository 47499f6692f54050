"""What the entries and techniques that attacks name are called by those who keep the lists."""

from collections.abc import Mapping

REFERENCES: Mapping[str, str] = {
    "LLM01:2025": "Prompt Injection",
    "LLM06:2025": "Excessive Agency",
    "LLM07:2025": "System Prompt Leakage",
    "LLM01:2026": "Prompt Injection",
    "LLM03:2026": "Excessive Agency",
    "LLM08:2026": "Hidden Context Exposure",
    "AML.T0051.000": "LLM Prompt Injection: Direct",
    "AML.T0051.001": "LLM Prompt Injection: Indirect",
    "AML.T0054": "LLM Jailbreak",
    "AML.T0056": "Extract LLM System Prompt",
    "AML.T0068": "LLM Prompt Obfuscation",
    "AML.T0069.002": "Discover LLM System Information: System Prompt",
    "AML.T0099": "AI Agent Tool Data Poisoning",
}
"""Title by entry of the OWASP Top 10 for LLM Applications (2025, 2026) and by technique of MITRE
ATLAS (2026.09)."""
