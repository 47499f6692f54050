"""The workspace's settings: which products its board decides on."""

from pathlib import Path
from typing import Annotated

import yaml
from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from interlock.adapters.files import write_new
from interlock.charter import read, validated
from interlock.errors import UnlistedProductError

SETTINGS = "interlock.yaml"

Product = Annotated[str, Field(min_length=1, max_length=200)]


@dataclass(frozen=True, kw_only=True, config=ConfigDict(extra="forbid", strict=True))
class Settings:
    """What ``interlock.yaml`` says.

    Attributes:
        products: Every product that hypotheses may speak of.
    """

    products: Annotated[tuple[Product, ...], Field(min_length=1)]


def write_settings(folder: Path, products: tuple[str, ...]) -> None:
    """Write the settings of a new workspace."""
    text = yaml.safe_dump({"products": list(products)}, allow_unicode=True)
    write_new(folder / SETTINGS, text.encode())


def check_product(folder: Path, product: str) -> None:
    """Refuse a product that the workspace does not list.

    Attempts are counted for each product, so that another spelling of one must
    not begin its count anew unseen.

    Raises:
        CharterError: The settings are no valid file.
        UnlistedProductError: They do not list it.
    """
    path = folder / SETTINGS
    settings = validated(Settings, read(path.read_bytes(), file=str(path)))
    if product not in settings.products:
        raise UnlistedProductError(product, settings.products, str(path))
