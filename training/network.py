"""MiniLM (a BERT of six layers), or some of its layers, as a tagger of words.

The encoder, a learned embedding of each piece's shape, and a linear head.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from extract.tagger.decode import TAGS
from extract.tagger.words import SHAPES, WINDOW

HIDDEN, INNER, HEADS, LAYERS = 384, 1536, 12, 6
PIECES, PLACES = 30522, WINDOW + 1
EPSILON = 1e-12
DROPOUT = 0.1


class Layer(nn.Module):
    """One transformer layer, normalised after each half."""

    def __init__(self) -> None:
        super().__init__()
        self.query_key_value = nn.Linear(HIDDEN, 3 * HIDDEN)
        self.attended = nn.Linear(HIDDEN, HIDDEN)
        self.attention_norm = nn.LayerNorm(HIDDEN, EPSILON)
        self.inner = nn.Linear(HIDDEN, INNER)
        self.outer = nn.Linear(INNER, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, EPSILON)

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """``hidden`` (windows, places, HIDDEN) to the same; ``mask`` (windows, 1, 1, places) is -inf at padding."""
        windows, places, _ = hidden.shape
        heads = self.query_key_value(hidden).view(windows, places, 3, HEADS, HIDDEN // HEADS).permute(2, 0, 3, 1, 4)
        query, key, value = heads.unbind()
        weights = (query @ key.transpose(2, 3) * (HIDDEN // HEADS) ** -0.5 + mask).softmax(dim=3)
        mixed = weights @ value
        mixed = self.attended(mixed.transpose(1, 2).reshape(windows, places, HIDDEN))
        hidden = self.attention_norm(hidden + functional.dropout(mixed, DROPOUT, self.training))
        inner = self.outer(functional.gelu(self.inner(hidden)))
        return self.norm(hidden + functional.dropout(inner, DROPOUT, self.training))


class Network(nn.Module):
    """Scores of every tag for words, given the pieces and shapes of windows."""

    def __init__(self, layers: int = LAYERS) -> None:
        """A network of ``layers`` (1 to LAYERS) of the encoder's layers, spread evenly over it from the first on."""
        super().__init__()
        self.pieces = nn.Embedding(PIECES, HIDDEN)
        self.places = nn.Embedding(PLACES, HIDDEN)
        self.shapes = nn.Embedding(SHAPES, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        self.head = nn.Linear(HIDDEN, len(TAGS))
        nn.init.normal_(self.shapes.weight, std=0.02)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def forward(self, pieces: Tensor, shapes: Tensor, lengths: Tensor, firsts: Tensor) -> Tensor:
        """Logits (words, tags).

        ``pieces``, ``shapes`` (windows, places) are padded on the right to ``lengths`` (windows); ``firsts``
        (words) are the places of the words' first pieces in the flattened windows.
        """
        places = torch.arange(pieces.shape[1])
        mask = torch.zeros(pieces.shape, dtype=self.head.weight.dtype)
        mask = mask.masked_fill(places >= lengths[:, None], -torch.inf)
        hidden = self.norm(self.pieces(pieces) + self.places(places) + self.shapes(shapes))
        hidden = functional.dropout(hidden, DROPOUT, self.training)
        for layer in self.layers:
            hidden = layer(hidden, mask[:, None, None, :])
        return self.head(functional.dropout(hidden.flatten(0, 1)[firsts], DROPOUT, self.training))

    def load_encoder(self, weights: dict[str, Tensor]) -> None:
        """Take over the encoder's weights under BERT's names; the embedding of the only segment goes into places'."""
        own = {
            "pieces.weight": weights["embeddings.word_embeddings.weight"],
            "places.weight": weights["embeddings.position_embeddings.weight"][:PLACES]
            + weights["embeddings.token_type_embeddings.weight"][0],
        }
        norms = {"norm": "embeddings.LayerNorm"}
        for number in range(len(self.layers)):
            ours, theirs = f"layers.{number}", f"encoder.layer.{number * LAYERS // len(self.layers)}"
            norms[f"{ours}.attended"] = f"{theirs}.attention.output.dense"
            norms[f"{ours}.attention_norm"] = f"{theirs}.attention.output.LayerNorm"
            norms[f"{ours}.inner"] = f"{theirs}.intermediate.dense"
            norms[f"{ours}.outer"] = f"{theirs}.output.dense"
            norms[f"{ours}.norm"] = f"{theirs}.output.LayerNorm"
            for part in ("weight", "bias"):
                own[f"{ours}.query_key_value.{part}"] = torch.cat(
                    [weights[f"{theirs}.attention.self.{name}.{part}"] for name in ("query", "key", "value")]
                )
        own |= {f"{a}.{part}": weights[f"{b}.{part}"] for a, b in norms.items() for part in ("weight", "bias")}
        missing, unexpected = self.load_state_dict(own, strict=False)
        assert not unexpected
        assert {name.split(".")[0] for name in missing} == {"shapes", "head"}
