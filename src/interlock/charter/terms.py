"""The words of which articles and criteria are made."""

from typing import Annotated, Literal

from pydantic import Field

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
"""A name for machines: small letters, digits and single hyphens."""

Text = Annotated[str, Field(min_length=1, max_length=4000)]
"""A sentence or a few, for people."""

Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""What people call something: one line without control characters."""

Share = Annotated[float, Field(gt=0, lt=1)]
"""A part of a whole, neither nothing nor all."""

Digest = Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]
"""SHA-256 in lower-case hex, or nothing."""

Outlook = Literal["higher", "lower"]
"""Which way is better."""
