"""The workspace's settings: which products its board decides on, and where its log is."""

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
        log_service: URL of the team's log service; empty where the log is in the
            workspace itself.
    """

    products: Annotated[tuple[Product, ...], Field(min_length=1)]
    log_service: str = ""


def write_settings(folder: Path, products: tuple[str, ...], *, log_service: str = "") -> None:
    """Write the settings of a new workspace."""
    said: dict[str, object] = {"products": list(products)}
    if log_service:
        said["log_service"] = log_service
    write_new(folder / SETTINGS, yaml.safe_dump(said, allow_unicode=True).encode())


def read_settings(folder: Path) -> Settings:
    """The settings of a workspace.

    Raises:
        CharterError: They are no valid file.
    """
    path = folder / SETTINGS
    return validated(Settings, read(path.read_bytes(), file=str(path)))


def check_product(folder: Path, product: str) -> None:
    """Refuse a product that the workspace does not list.

    Attempts are counted for each product, so that another spelling of one must
    not begin its count anew unseen.

    Raises:
        CharterError: The settings are no valid file.
        UnlistedProductError: They do not list it.
    """
    settings = read_settings(folder)
    if product not in settings.products:
        raise UnlistedProductError(product, settings.products, str(folder / SETTINGS))
