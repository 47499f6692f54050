"""A damaged log stands again, and what it lost is admitted on it."""

import dataclasses
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from interlock.adapters.backup import Restored, restore
from interlock.adapters.clock import Clock, SystemClock
from interlock.adapters.files import replace
from interlock.adapters.sql_log import SqlLog
from interlock.admission import Recovery, admit, fold, statement_of
from interlock.app.places import ROOT_FILE, Place, locate, open_log
from interlock.app.settings import read_settings
from interlock.app.workspace import ROOT_KEY, Appended
from interlock.errors import NotHolderError
from interlock.ledger import Signer, dump, sign


@dataclass(frozen=True)
class Recovered:
    """A log that stands again.

    Attributes:
        restored: What was restored, and what was lost.
        act: The root-signed admission of the loss; None where nothing was lost.
    """

    restored: Restored
    act: Appended | None


def restore_log(
    folder: Path,
    copy: Path,
    reason: str,
    *,
    home: Path,
    passphrase: str,
    clock: Clock | None = None,
) -> Recovered:
    """Put a backup in the place of a damaged log, and admit on the log what was lost.

    Without the root key's admission a log restored to fewer statements looks
    cut short to everyone who saw more, and rightly so. Both happen at once or
    not at all: the admission is on the copy before the copy is the log.

    Args:
        folder: The workspace.
        copy: The backup.
        reason: What happened.
        home: The user's own folder, which remembers the last checkpoint seen.
        passphrase: The root key's; needed where something was lost.
        clock: Tells the time of the admission.

    Raises:
        RestoreRefusedError: The log in place is whole and would lose something.
        NotHolderError: Something was lost, and this user cannot append to the log;
            or the log is a team's, whose database is restored and not a member's copy.
        WrongPassphraseError, KeyMissingError: Something was lost, and the root
            key does not open.
        InterlockError: The backup does not hold; nothing is changed.
    """
    place, done = locate(folder, home=home), list[tuple[Recovery, Appended]]()
    if read_settings(place.folder).log_service:
        raise NotHolderError(place.root.origin)

    def own_up(path: Path, found: Restored) -> None:
        recovery = found.recovery(reason)
        if recovery is not None:
            signer = place.keys.open(ROOT_KEY, passphrase)
            act = _admitted(place, path, recovery, signer=signer, clock=clock or SystemClock())
            _let_go(place, recovery)
            done.append((recovery, act))

    last_seen = place.keys.last_seen(place.root.origin)
    restored = restore(copy, place.log, trust=place.root.trust, last_seen=last_seen, amend=own_up)
    for recovery, act in done:
        place.keys.saw(place.root.origin, act.receipt.note, recovery=recovery)
    return Recovered(restored, done[0][1] if done else None)


def _let_go(place: Place, recovery: Recovery) -> None:
    """Pin no more in root.json than what was restored: no reading would believe the log else.

    It is written before the log is in its place, so that a restore that was
    killed between the two can be done again. Copies of root.json that were
    handed out keep what they pin, and refuse the log until they are replaced.
    """
    if recovery.size < place.root.minimum_size:
        root = dataclasses.replace(
            place.root, minimum_size=recovery.size, minimum_root_hash=recovery.root_hash
        )
        replace(place.folder / ROOT_FILE, dump(root))


def _admitted(
    place: Place, path: Path, recovery: Recovery, *, signer: Signer, clock: Clock
) -> Appended:
    """The admission of a loss, put on the log in a file; until then it is believed by nobody."""
    with closing(open_log(place, path, clock=clock)) as log:
        if not isinstance(log, SqlLog):
            raise NotHolderError(place.root.origin)
        envelope = sign(statement_of(recovery), signer)
        state = fold(log.entries(), root=place.root)
        allowed = partial(admit, state, envelope)
        receipt = log.append(envelope, expected_size=state.size, admitted=allowed)
        return Appended(envelope.identity, receipt)
