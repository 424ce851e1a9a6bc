"""The tagger of names: how it sees a text, how scores become names, what its files must be."""

import itertools
import shutil
from pathlib import Path
from random import Random

import numpy as np
import pytest
import spacy
from tokenizers import Tokenizer

from extract.errors import ModelError
from extract.tagger import Tagger, component, tagger
from extract.tagger.decode import TAGS, Run, names, smoothed
from extract.tagger.model import FOLDER
from extract.tagger.words import MOST_PIECES, WINDOW, Word, may_be_named, read_block, reader, windows, words
from training import data

STORY = [
    "Nimbus Robotics Inc. said on Monday that it had bought a stake in Harbour Logistics.",
    "“We are pleased,” Nimbus Robotics chief executive Maria Jensen told reporters in Oslo.",
]


def found(blocks: list[str]) -> list[list[tuple[str, str]]]:
    return [
        [(text[name.start : name.end], name.label) for name in row]
        for text, row in zip(blocks, tagger().names(blocks), strict=True)
    ]


def test_names_of_a_story() -> None:
    first, second = found(STORY)
    assert first == [("Nimbus Robotics Inc", "ORG"), ("Harbour Logistics", "ORG")] or first == [
        ("Nimbus Robotics Inc.", "ORG"),
        ("Harbour Logistics", "ORG"),
    ]
    assert second == [("Nimbus Robotics", "ORG"), ("Maria Jensen", "PER"), ("Oslo", "LOC")]


def test_confidence_is_a_share() -> None:
    assert all(0 < name.confidence < 1 for row in tagger().names(STORY) for name in row)


def test_no_name_crosses_a_block() -> None:
    names_of = tagger().names(["Shares of Nimbus", "Robotics fell."])
    assert [len("Shares of Nimbus")] == [name.end for name in names_of[0]]


@pytest.mark.parametrize("blocks", [[], [""], [" ", "\n"], ["—"]])
def test_nothing_to_find(blocks: list[str]) -> None:
    assert tagger().names(blocks) == [[] for _ in blocks]


def test_what_was_read_before_changes_nothing() -> None:
    alone = tagger().names(STORY)
    tagger().names(["Harbour Logistics is a town in Norway."] * 50)
    assert tagger().names(STORY) == alone


@pytest.mark.parametrize("run", ["a", " ", "7", "é\u0301", "A. "])
def test_long_runs_are_read(run: str) -> None:
    assert tagger().names([run * 2_000]) is not None
    assert words("a" * 1_000_000) == [(0, 1_000_000)]


def test_windows_hold_every_word_once_and_no_more_than_fits() -> None:
    for sizes in ([5, 0, 400, 3], [1] * 300, [2000], [3, *[0] * 500, 3]):
        blocks = [[Word((7,) * (1 + i % MOST_PIECES), i % 20) for i in range(size)] for size in sizes]
        made = list(windows(blocks, 101, 102))
        assert all(len(window.pieces) == len(window.shapes) <= WINDOW + 1 for window in made)
        starts = [window.start for window in made]
        assert starts == [0, *itertools.accumulate(len(window.firsts) for window in made)][:-1]
        assert sum(len(window.firsts) for window in made) == sum(sizes)
        assert all(window.pieces[place] == 7 for window in made for place in window.firsts)
        for window in made:
            given = window.arrays()
            stays = np.ones(len(window.pieces), bool)
            stays[given["rest"]] = False
            assert given["kept"].tolist() == np.flatnonzero(stays).tolist()
            named = given["named"].ravel()
            assert named.tolist() == [word for word, may_be in enumerate(window.named) if may_be]
            assert given["kept"][given["heads"]].tolist() == given["firsts"][named].tolist()
            assert sorted([*given["firsts"][named], *given["rest"]]) == window.firsts


@pytest.mark.parametrize(
    ("text", "may_be"),
    [
        ("shares of Nimbus rose to 7 euros", "Nimbus"),
        ("he joined the Bank of the West Country in 2004", "Bank of the West Country"),
        ("a Nimbus 4 or an older one", "Nimbus 4"),
        ("in 2004 the iPod of Acme's rival", "iPod of Acme ' s"),
        ("It was so for a very long time when Acme came", "It Acme"),
        ("(Reuters) - none at all", "( Reuters )"),
        ("pre-IPO talks with e.g. somebody", "pre - IPO"),
        ("a gzorble of his own", "gzorble"),  # rare: the vocabulary has it in pieces only
        ("nothing at all", ""),
    ],
)
def test_what_may_be_of_a_name(text: str, may_be: str) -> None:
    spans = words(text)
    read = reader(Tokenizer.from_file(str(FOLDER / "tokenizer.json")))
    told = may_be_named(read_block(read, text, spans))
    assert " ".join(text[start:end] for (start, end), is_told in zip(spans, told, strict=True) if is_told) == may_be


def test_names_are_the_likeliest_allowed_sequence() -> None:
    random = np.random.default_rng(7)
    begins = [TAGS.index("O"), *(tag for tag, name in enumerate(TAGS) if name.startswith("B"))]
    for _ in range(20):
        scores = np.log(random.dirichlet(np.full(len(TAGS), 0.3), 4)).astype(np.float32)
        paths = (
            path
            for path in itertools.product(range(len(TAGS)), repeat=4)
            if all(tag in begins or before in (tag, tag - 1) for before, tag in zip((0, *path), path, strict=False))
        )
        best = max(paths, key=lambda path: sum(scores[place, tag] for place, tag in enumerate(path)))
        covered = [0] * 4
        for run in names(scores, [0, 4]):
            covered[run.start : run.end] = [1 + 2 * run.label, *[2 + 2 * run.label] * (run.end - run.start - 1)]
        assert covered == list(best)


def test_one_sense_per_document() -> None:
    org, per, out = TAGS.index("B-ORG"), TAGS.index("B-PER"), 0
    scores = np.full((4, len(TAGS)), -9, np.float32)
    scores[0, org] = scores[1, out] = scores[3, org] = -0.01
    scores[2, per], scores[2, org] = -0.6, -0.8
    runs = names(scores, [0, 4])
    assert runs == [Run(0, 1, 0), Run(2, 3, 1), Run(3, 4, 0)]
    again = names(smoothed(scores, ["Acme", "hired", "Acme", "Acme"], runs), [0, 4])
    assert {run.label for run in again} == {0}


def test_a_component_of_spacy() -> None:
    model = spacy.blank("en")
    model.add_pipe("names")
    assert component.ONTONOTES.keys() == {"ORG", "PER", "LOC", "PROD", "MISC"}
    docs = list(model.pipe(STORY))
    assert [(ent.text, ent.label_) for ent in docs[1].ents] == [
        ("Nimbus Robotics", "ORG"),
        ("Maria Jensen", "PERSON"),
        ("Oslo", "GPE"),
    ]
    assert all(0 < ent._.confidence < 1 for doc in docs for ent in doc.ents)


@pytest.mark.parametrize("name", ["names.onnx", "tokenizer.json", "manifest.json"])
@pytest.mark.parametrize("how", ["missing", "cut"])
def test_a_damaged_model_is_told_of_in_one_line(tmp_path: Path, name: str, how: str) -> None:
    for file in ("names.onnx", "tokenizer.json", "manifest.json"):
        shutil.copy(FOLDER / file, tmp_path)
    if how == "missing":
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:-20])
    with pytest.raises(ModelError) as caught:
        Tagger(tmp_path)
    assert "restore" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_texts_of_the_gold_are_refused() -> None:
    story = " ".join(f"word{number}" for number in range(200))
    texts = [
        data.Text("news-names", "a", "A headline of its own. " + story, []),
        data.Text("news-names", "b", "Quite another story of Nimbus Robotics.", []),
    ]
    kept, held, refused = data.split(texts, [story])
    assert [text.id for text in refused] == ["a"]
    assert [text.id for text in (*kept, *held)] == ["b"]


def test_targets_allow_what_a_set_does_not_tell_apart() -> None:
    def tags(source: str, label: str) -> list[set[str]]:
        text = data.Text(source, "", "Nimbus Cloud flies", [(0, 12, label)])
        (block,) = data.targets(text, frozenset())
        return [{name for bit, name in enumerate(TAGS) if target.tags >> bit & 1} for target in block]

    assert tags("news-names", "PROD") == [{"B-PROD"}, {"I-PROD"}, {"O"}]
    assert tags("crossner", "MISC")[:2] == [{"B-MISC", "B-PROD"}, {"I-MISC", "I-PROD"}]
    assert tags("gum", "MISC")[0] == {"O", "B-MISC", "I-MISC", "B-PROD", "I-PROD"}


def test_strange_texts_have_names_that_nobody_bears() -> None:
    labels = ("ORG", "PER", "PROD", "LOC")
    names = ("Nimbus Robotics", "Susan Pemberton", "Quillphone", "Ostrander Bay")
    line = " and ".join(names)
    spans = [(line.index(name), line.index(name) + len(name), label) for name, label in zip(names, labels, strict=True)]
    document = data.targets(data.Text("news-names", "", line, spans), frozenset())
    random = Random(1)
    made = data.invented([document], random)
    assert [len(made[label]) for label in labels] == [1, 1, 1, 1]
    for label in labels:
        (name,) = made[label]
        tags = [f"B-{label}", *[f"I-{label}"] * (len(name) - 1)]
        assert [target.tags for target in name] == [1 << TAGS.index(tag) for tag in tags]
    (block,) = data.strange(document, made, made, random, swap=1, recase=0, replaced=0)
    assert [target.word for target in block if target.word.islower()] == ["and"] * 3
    assert {target.tags for target in block} == {data.ANY}
    changed = {target.word for target in block} - {"and"}
    assert not changed <= set(line.split())
