"""MiniLM (a BERT of six layers), or some of its layers, as a tagger of words.

The encoder, a learned embedding of each piece's shape, and a linear head.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from extract.tagger.decode import TAGS
from extract.tagger.words import SHAPES, WINDOW

HIDDEN, INNER, HEADS, LAYERS = 384, 1536, 12, 6
WIDE = 2  # so many layers take all words
PIECES, PLACES = 30522, WINDOW + 1
EPSILON = 1e-12
DROPOUT = 0.1


class Batch(NamedTuple):
    """Windows as the network takes them, padded on the right to the longest.

    ``pieces``, ``shapes``, ``exist`` (windows, places): ``exist`` is false at padding. ``firsts`` (words) are the
    places of the words' first pieces in the flattened windows. ``kept``, ``stay`` (windows, kept places): the places
    of the pieces that go all the way, and false at padding. ``named`` (words that go all the way) are the numbers of
    those words, ``heads`` the places of their first pieces in the flattened ``kept``.
    """

    pieces: Tensor
    shapes: Tensor
    exist: Tensor
    firsts: Tensor
    kept: Tensor
    stay: Tensor
    named: Tensor
    heads: Tensor


class Layer(nn.Module):
    """One transformer layer, normalised after each half."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(HIDDEN, HIDDEN) for _ in range(3))
        self.attended = nn.Linear(HIDDEN, HIDDEN)
        self.attention_norm = nn.LayerNorm(HIDDEN, EPSILON)
        self.inner = nn.Linear(HIDDEN, INNER)
        self.outer = nn.Linear(INNER, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, EPSILON)

    def forward(self, hidden: Tensor, seen: Tensor, exist: Tensor) -> Tensor:
        """``hidden`` (windows, places, HIDDEN) to the same; it attends to ``seen`` (windows, places seen, HIDDEN).

        ``exist`` (windows, places seen) is false at padding.
        """
        query, key, value = self._heads(self.query(hidden)), self._heads(self.key(seen)), self._heads(self.value(seen))
        mask = torch.zeros(exist.shape, dtype=query.dtype).masked_fill(~exist, -torch.inf)
        weights = (query @ key.transpose(2, 3) * (HIDDEN // HEADS) ** -0.5 + mask[:, None, None, :]).softmax(dim=3)
        mixed = self.attended((weights @ value).transpose(1, 2).flatten(2))
        hidden = self.attention_norm(hidden + functional.dropout(mixed, DROPOUT, self.training))
        inner = self.outer(functional.gelu(self.inner(hidden)))
        return self.norm(hidden + functional.dropout(inner, DROPOUT, self.training))

    def _heads(self, hidden: Tensor) -> Tensor:
        return hidden.unflatten(2, (HEADS, HIDDEN // HEADS)).transpose(1, 2)


class Network(nn.Module):
    """Scores of every tag for words, given windows.

    All words go through the WIDE first layers; those that may be of a name go on, and attend to the rest as these were
    then. The rest get their scores from a head of their own. A ``whole`` network takes all words through all layers.
    """

    def __init__(self, *, whole: bool = False) -> None:
        super().__init__()
        self.whole = whole
        self.pieces = nn.Embedding(PIECES, HIDDEN)
        self.places = nn.Embedding(PLACES, HIDDEN)
        self.shapes = nn.Embedding(SHAPES, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.head = nn.Linear(HIDDEN, len(TAGS))
        self.early = nn.Linear(HIDDEN, len(TAGS))
        nn.init.normal_(self.shapes.weight, std=0.02)
        for head in (self.head, self.early):
            nn.init.normal_(head.weight, std=0.02)
            nn.init.zeros_(head.bias)

    def forward(self, *given: Tensor) -> tuple[Tensor, Tensor]:
        """Logits (words, tags) of a Batch, and what each layer above makes of what goes on.

        That is (layers, windows, kept places, HIDDEN).
        """
        batch = Batch(*given)
        chosen = batch.kept[:, :, None].expand(-1, -1, HIDDEN)
        places = self.places.weight[: batch.pieces.shape[1]]
        hidden = self._dropped(self.norm(self.pieces(batch.pieces) + places + self.shapes(batch.shapes)))
        for layer in self.layers[:WIDE]:
            hidden = layer(hidden, hidden, batch.exist)
        made = []
        if self.whole:
            for layer in self.layers[WIDE:]:
                hidden = layer(hidden, hidden, batch.exist)
                made.append(hidden.gather(1, chosen))
            return self.head(self._dropped(hidden.flatten(0, 1)[batch.firsts])), torch.stack(made)
        logits = self.early(self._dropped(hidden.flatten(0, 1)[batch.firsts]))
        rest, hidden = hidden, hidden.gather(1, chosen)
        exist = torch.cat([batch.stay, batch.exist.scatter(1, batch.kept, False)], dim=1)
        for layer in self.layers[WIDE:]:
            hidden = layer(hidden, torch.cat([hidden, rest], dim=1), exist)
            made.append(hidden)
        late = self.head(self._dropped(hidden.flatten(0, 1)[batch.heads]))
        return logits.index_copy(0, batch.named, late), torch.stack(made)

    def _dropped(self, hidden: Tensor) -> Tensor:
        return functional.dropout(hidden, DROPOUT, self.training)

    def load_encoder(self, weights: dict[str, Tensor]) -> None:
        """Take over the encoder's weights under BERT's names; the embedding of the only segment goes into places'."""
        own = {
            "pieces.weight": weights["embeddings.word_embeddings.weight"],
            "places.weight": weights["embeddings.position_embeddings.weight"][:PLACES]
            + weights["embeddings.token_type_embeddings.weight"][0],
        }
        parts = {"norm": "embeddings.LayerNorm"}
        for number in range(LAYERS):
            ours, theirs = f"layers.{number}", f"encoder.layer.{number}"
            for name in ("query", "key", "value"):
                parts[f"{ours}.{name}"] = f"{theirs}.attention.self.{name}"
            parts[f"{ours}.attended"] = f"{theirs}.attention.output.dense"
            parts[f"{ours}.attention_norm"] = f"{theirs}.attention.output.LayerNorm"
            parts[f"{ours}.inner"] = f"{theirs}.intermediate.dense"
            parts[f"{ours}.outer"] = f"{theirs}.output.dense"
            parts[f"{ours}.norm"] = f"{theirs}.output.LayerNorm"
        own |= {f"{a}.{kind}": weights[f"{b}.{kind}"] for a, b in parts.items() for kind in ("weight", "bias")}
        missing, unexpected = self.load_state_dict(own, strict=False)
        assert not unexpected
        assert {name.split(".")[0] for name in missing} == {"shapes", "head", "early"}
