"""Requests in another language, as people translated them."""

import dataclasses

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from interlock.charter import SliceValue, read, validated
from interlock.errors import AttackError
from interlock.trial.attacks.disguise import disguised
from interlock.trial.case import Case

_STRICT = ConfigDict(extra="forbid", strict=True)
_LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Translated:
    """One request and how it reads in the other language.

    Attributes:
        of: The request as it stands in a case.
        says: Its translation.
    """

    of: str
    says: str


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class TranslationForm:
    """A file of translations as people write it.

    Attributes:
        language: Its tag, such as ``de`` or ``zh-Hant``.
        texts: The requests that have been translated.
    """

    language: str = Field(pattern=_LANGUAGE)
    texts: tuple[Translated, ...] = Field(min_length=1)


@dataclasses.dataclass(frozen=True)
class Translation:
    """An attack that puts requests in the words of a given language.

    Fulfils `interlock.trial.Attack`. The seed has nothing to choose.
    """

    form: TranslationForm
    version: str = "1"
    owasp: tuple[str, ...] = ("LLM01:2025", "LLM01:2026")
    atlas: tuple[str, ...] = ("AML.T0051.000", "AML.T0054", "AML.T0068")

    @property
    def name(self) -> str:
        """``translation`` and the language's tag."""
        return f"translation-{self.form.language}"

    def apply(self, case: Case, *, seed: int) -> Case:
        """The case in the language, which its slice then names.

        Raises:
            AttackError: There is no translation of what it says.
        """
        *before, last = case.turns
        says = next((one.says for one in self.form.texts if one.of == last.text), None)
        if says is None:
            fault = f"what {case.id} says has no translation; add it to the file of translations"
            raise AttackError(self.name, fault)
        made = disguised(case, self.name, (*before, dataclasses.replace(last, text=says)))
        others = [one for one in made.slices if one.slice != "language"]
        spoken = SliceValue(slice="language", value=self.form.language)
        slices = tuple(sorted([*others, spoken], key=lambda one: one.slice))
        return dataclasses.replace(made, slices=slices)

    def recover(self, case: Case) -> str | None:
        """The request that the case translates; None where it is no translation of ours."""
        said = case.turns[-1].text
        return next((one.of for one in self.form.texts if one.says == said), None)


def load_translation(text: str | bytes, *, file: str) -> Translation:
    """The attack that a file of translations (YAML) gives.

    Args:
        text: The file.
        file: The name by which errors call it.

    Raises:
        CharterError: The file is no plain YAML, lacks something, or a request or a translation
            stands in it twice, so that there is no one way there or back.
    """
    source = read(text, file=file)
    form = validated(TranslationForm, source)
    for field in ("of", "says"):
        seen: set[str] = set()
        for k, one in enumerate(form.texts):
            words = getattr(one, field)
            if words in seen:
                raise source.error(("texts", str(k), field), "stands twice; keep one of them")
            seen.add(words)
    return Translation(form)
