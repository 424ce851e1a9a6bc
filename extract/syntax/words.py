"""Part of speech and lemma of each word: what the model's attribute ruler and lemmatizer say, asked once for each word.

These go by a word with its tag and its label in the parse, seldom by its neighbours. So what they say of a word alone
is kept, and where a pattern of several words may match they are shown the word among its neighbours.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, cast

from spacy.language import Language
from spacy.matcher import Matcher
from spacy.tokens import Doc, MorphAnalysis

# A word as the ruler sees it: the numbers of its form, tag and dependency label in the string store.
Key = tuple[int, int, int]

# So many words are kept of each sort asked for, some 50 MB in all.
MOST = 1 << 16

# Stands for any word that no pattern names.
_ANY = "word"


class Word(NamedTuple):
    """What a token tells besides its place. ``begins``: a pattern of several words may begin with it."""

    text: str
    lemma: str
    pos: str
    tag: str
    dep: str
    begins: bool = False


class _Tagged(NamedTuple):
    """What a lemmatizer goes by of a token, to be had without a Doc."""

    text: str
    orth: int
    pos_: str
    pos: int
    morph: MorphAnalysis


class Words:
    """What the attribute ruler and the lemmatizer of ``model`` say.

    The ruler's patterns may ask for TAG, DEP, LOWER and IS_SPACE, as those of spaCy's English models do.
    """

    def __init__(self, model: Language) -> None:
        self._vocab = model.vocab
        self._ruler = cast(Any, model.get_pipe("attribute_ruler"))
        self._lemmatizer = cast(Any, model.get_pipe("lemmatizer"))
        known = self._lemmatizer.lookups.get_table("lemma_index")
        for pos in known:
            known[pos] = frozenset(known[pos])  # a list, in which every unknown word would be looked for to its end
        patterns = [pattern for entry in self._ruler.patterns for pattern in entry["patterns"]]
        self._named, self._likened = _named(token for pattern in patterns for token in pattern)
        longer = [pattern for pattern in patterns if len(pattern) > 1]
        self._reach = max(map(len, longer)) - 1
        self._begins = Matcher(self._vocab)
        self._begins.add("longer", [pattern[:1] for pattern in longer])
        self._alone = lru_cache(MOST)(self._read_alone)
        self._among = lru_cache(MOST)(self._read_among)
        self._ruled = lru_cache(MOST)(self._rule)
        self._lemma = lru_cache(MOST)(self._lemmatize)

    def __call__(self, forms: Sequence[int], tags: Sequence[int], deps: Sequence[int]) -> list[Word]:
        """The words of a block's tokens, given by their numbers in the string store."""
        words = [*map(self._alone, forms, tags, deps)]
        for begin in [place for place, word in enumerate(words) if word.begins]:
            for place in range(begin, min(begin + self._reach + 1, len(words))):
                first = max(0, place - self._reach)
                some = slice(first, place + self._reach + 1)
                words[place] = self._among(tuple(zip(forms[some], tags[some], deps[some], strict=True)), place - first)
        return words

    def _read_alone(self, form: int, tag: int, dep: int) -> Word:
        strings = self._vocab.strings
        text = strings[form]
        pos, morph, lemma, begins = self._ruled(text if self._is_named(text) else _ANY, tag, dep)
        return Word(text, lemma or self._lemma(text, pos, morph), pos, strings[tag], strings[dep], begins)

    def _read_among(self, keys: tuple[Key, ...], place: int) -> Word:
        token = self._lemmatizer(self._ruler(self._doc(*keys)))[place]
        return Word(token.text, token.lemma_, token.pos_, token.tag_, token.dep_)

    def _is_named(self, text: str) -> bool:
        """Whether some pattern asks for this very word."""
        lower = text.lower()
        return lower in self._named or text.isspace() or any(pattern.search(lower) for pattern in self._likened)

    def _rule(self, text: str, tag: int, dep: int) -> tuple[str, str, str, bool]:
        """Part of speech, morphology and, where the ruler gives one, lemma; whether a longer pattern may begin."""
        doc = self._ruler(self._doc((self._vocab.strings.add(text), tag, dep)))
        return doc[0].pos_, str(doc[0].morph), doc[0].lemma_, bool(self._begins(doc))

    def _lemmatize(self, text: str, pos: str, morph: str) -> str:
        strings = self._vocab.strings
        token = _Tagged(text, strings[text], pos, strings[pos], MorphAnalysis(self._vocab, morph))
        return str(self._lemmatizer.lemmatize(token)[0])

    def _doc(self, *keys: Key) -> Doc:
        forms, tags, deps = ([self._vocab.strings[number] for number in column] for column in zip(*keys, strict=True))
        return Doc(self._vocab, forms, tags=tags, deps=deps)


def _named(tokens: Iterable[Mapping[str, Any]]) -> tuple[frozenset[str], list[re.Pattern[str]]]:
    """The words that the tokens of patterns ask for, in lower case, and the expressions that these are to fit."""
    asked = [token["LOWER"] for token in tokens if "LOWER" in token]
    words = [[one] if isinstance(one, str) else one.get("IN", ()) for one in asked]
    likened = [re.compile(one["REGEX"]) for one in asked if isinstance(one, dict) and "REGEX" in one]
    return frozenset(word for some in words for word in some), likened
