"""What did another tool's file measure?"""

from interlock.adapters.imports.kinds import READERS, kind_of

__all__ = ["READERS", "kind_of"]
