"""Import file after file until killed; a line is the digest of evidence that was kept."""

import sys
from itertools import count
from pathlib import Path

from interlock.adapters.evidence import EvidenceStore, TextStore
from interlock.adapters.tables import read_observations
from tests.prove.kill import READY, say

ROWS = 2_000


def main(folder: Path) -> None:
    store, texts = EvidenceStore(folder / "evidence"), TextStore(folder / "texts", b"k" * 32)
    source = folder / "rows.csv"
    say(READY)
    # A run that was killed leaves its files behind; the next one goes on after them.
    for number in count(len(store.digests())):
        lines = [f"i{k},harm,{(k * number) % 7 % 2},prompt {number}" for k in range(ROWS)]
        source.write_text("\n".join(["item,metric,value,prompt", *lines]))
        say(store.write(read_observations(source, texts=texts)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
