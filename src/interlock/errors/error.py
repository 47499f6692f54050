"""What all errors the product raises on purpose have in common."""


class InterlockError(Exception):
    """Something the product refuses to do, said in words a user can act on.

    Subclasses set ``code`` (stable, documented) and keep their facts both as
    attributes and as ``args``, so that an error survives pickling. The message
    states the fact, the rule and the next step.
    """

    code = "interlock"
