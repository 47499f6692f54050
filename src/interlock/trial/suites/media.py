"""What a case is made of beside words, as slices: whether it shows a picture, and how large."""

from collections.abc import Callable, Mapping, Sequence

from interlock.trial.case import Attachment

AttachmentOf = Callable[[str], Attachment]
"""From a file's path, relative to the suite's file, to the file as it is sent."""

MODALITY, RESOLUTION = "modality", "resolution"
"""The slices that follow from a case's files, and that nobody states."""

BANDS = ((512, "up-to-512"), (1024, "up-to-1024"))
"""Values of the slice ``resolution``: the longer side, in pixels, up to and with each end."""

BEYOND = "over-1024"


def media_slices(files: Sequence[Attachment]) -> Mapping[str, str]:
    """Slices of a case by what it sends: ``modality``, and of a picture ``resolution``.

    Of several pictures the one with the longest side counts.

    Args:
        files: What the case sends; without any it is text.
    """
    if not files:
        return {MODALITY: "text"}
    longer = max(max(one.width, one.height) for one in files)
    band = next((name for end, name in BANDS if longer <= end), BEYOND)
    return {MODALITY: "image", RESOLUTION: band}
