"""What people type: files to read, files to write, and words that say something."""

from pathlib import Path

import click


class _NewFile(click.Path):
    """A file that can be written, since its folder is there."""

    def convert(
        self,
        value: str | Path,  # type: ignore[override] # click allows more than comes from a terminal
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Path:
        """The path, refused before anything is done where nothing could be written to it."""
        path = Path(super().convert(value, param, ctx))  # type: ignore[arg-type] # a str or a Path
        if not path.parent.is_dir():
            self.fail(f"there is no folder {str(path.parent)!r}; make it first", param, ctx)
        return path


class _Words(click.ParamType[str]):
    """Text with something in it; it is signed and kept for ever."""

    name = "text"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text, unless it is blank or no text."""
        try:
            value.encode()
        except UnicodeEncodeError:
            self.fail("it is not UTF-8", param, ctx)
        if not value.strip():
            self.fail("it says nothing; write a sentence", param, ctx)
        return value


EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
NEW_FILE = _NewFile(dir_okay=False, path_type=Path)
WORDS = _Words()
