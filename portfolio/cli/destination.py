"""Where a command writes: told as wrong before any work is done."""

from pathlib import Path

from portfolio.cli.usage import WrongUsage
from portfolio.core.errors import ConflictError


def require_destination(path: Path, suffixes: tuple[str, ...]) -> None:
    """Raise `WrongUsage` for another suffix than `suffixes`, `ConflictError` where no file can be made."""
    if path.suffix.lower() not in suffixes:
        raise WrongUsage("usage.bad_suffix", value=path.name, allowed=" ".join(suffixes))
    require_folder(path)


def require_folder(path: Path) -> None:
    """Raise `ConflictError` where the folder of `path` is missing, or `path` is a folder itself."""
    if path.is_dir():
        raise ConflictError("machine.is_folder", place=str(path.absolute()))
    if not path.absolute().parent.is_dir():
        raise ConflictError("machine.no_folder", place=str(path.absolute().parent))
