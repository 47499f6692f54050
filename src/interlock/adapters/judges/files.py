"""Classifiers in files: numbers alone are read, and nothing in a file is ever run."""

import json
import zipfile
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from interlock.errors import BadJudgeError, InterlockError
from interlock.ledger import build
from interlock.trial.judges import ClassifierJudge, LinearClassifier, weights_digest

_MOST_BYTES = 64 << 20
_KIND = "linear-classifier/1"
_FORM = "form"


def read_classifier(path: Path) -> ClassifierJudge:
    """The classifier of a file.

    ``.json`` is one object: the fields of `LinearClassifier` but its digest,
    and ``weights``, a list of ``buckets`` numbers or an object of weights by
    bucket, the others being 0. ``.npz`` holds the arrays ``weights`` (32-bit
    floats) and ``form`` (the same fields as JSON text).

    Raises:
        BadJudgeError: The file is absent, over 64 MiB, or not of one of these forms.
    """
    readers = {".json": _json, ".npz": _npz}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        _refuse(path, "its name must end in .json or .npz; a pickle is never read")
    try:
        if path.stat().st_size > _MOST_BYTES:
            _refuse(path, "it is over 64 MiB; use fewer buckets")
        form, weights = reader(path)
        made = build(_KIND, {**form, "weights": weights_digest(weights)})
    except OSError as error:
        _refuse(path, f"it cannot be read ({error.strerror}); check the path")
    except (ValueError, KeyError, TypeError, RecursionError, zipfile.BadZipFile) as error:
        _refuse(path, f"it is no classifier ({error}); see how-to/validate-a-judge")
    except InterlockError as error:
        _refuse(path, str(error))
    if form.keys() & {"weights"} or not isinstance(made, LinearClassifier):
        _refuse(path, "its form names weights of its own; leave them out")
    return ClassifierJudge(made, weights)


def _json(path: Path) -> tuple[dict[str, Any], NDArray[np.float32]]:
    found = json.loads(path.read_text("utf-8"), parse_constant=_no_constant)
    if not isinstance(found, dict):
        raise TypeError("it holds no object")
    stated = found.pop("weights")
    buckets = int(found["buckets"])
    if not 0 < buckets <= _MOST_BYTES // 4:
        raise ValueError("it has too many buckets")
    if isinstance(stated, dict):
        weights = np.zeros(buckets, np.float32)
        for bucket, weight in stated.items():
            if not 0 <= int(bucket) < buckets:
                raise ValueError(f"there is no bucket {bucket}")
            weights[int(bucket)] = weight
    else:
        weights = np.array(stated, np.float32)
    return found, weights


def _npz(path: Path) -> tuple[dict[str, Any], NDArray[np.float32]]:
    with zipfile.ZipFile(path) as archive:
        if sum(member.file_size for member in archive.infolist()) > _MOST_BYTES:
            raise ValueError("it unpacks to more than 64 MiB")
    with np.load(path, allow_pickle=False) as held:
        form = json.loads(str(held[_FORM]), parse_constant=_no_constant)
        weights = held["weights"].astype(np.float32)
    if not isinstance(form, dict):
        raise TypeError("its form is no object")
    return form, weights


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _refuse(path: Path, reason: str) -> NoReturn:
    raise BadJudgeError(f"classifier in {path}", reason)
