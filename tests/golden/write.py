"""Write the golden files that are missing: ``python -m tests.golden.write``."""

from pathlib import Path

from interlock.ledger import dump, kind_of
from tests.golden.examples import EXAMPLES
from tests.golden.ledger_examples import LEDGER_FILES

HERE = Path(__file__).parent
RECORDS = HERE / "records"
LEDGER = HERE / "ledger"


def record_file(kind: str) -> Path:
    """The golden file of a kind, such as ``records/vote-1.json``."""
    return RECORDS / f"{kind.replace('/', '-')}.json"


def main() -> None:
    """Write each example whose file does not exist yet."""
    wanted = {record_file(kind_of(example)): dump(example) for example in EXAMPLES}
    wanted |= {LEDGER / name: data for name, data in LEDGER_FILES.items()}
    for path, data in wanted.items():
        if not path.exists():
            path.write_bytes(data)


if __name__ == "__main__":
    main()
