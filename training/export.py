"""The trained network as one small ONNX file.

Matrices are int8 with a scale per column, their inputs are quantised as they come (DynamicQuantizeMatMul); the
embedding of pieces is int8 with a scale per row; norms, softmax, shapes, places and head stay float. The operators
of the domain ``com.microsoft`` are onnxruntime's own.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from training.network import EPSILON, HEADS, HIDDEN, LAYERS, WIDE

Array = NDArray[Any]

OPSET, OWN_OPSET, IR = 17, 1, 8

# Weights of seven bits: sums of their products with 8-bit inputs are exact on processors without VNNI, too.
LARGEST = 63


class _Graph:
    """Nodes and weights as they are added."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[TensorProto] = []

    def weight(self, name: str, values: Array) -> str:
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def add(self, operator: str, *inputs: str, own: bool = False, **attributes: Any) -> str:  # noqa: ANN401 - ONNX's
        output = f"{operator}.{len(self.nodes)}"
        domain = "com.microsoft" if own else ""
        self.nodes.append(helper.make_node(operator, inputs, [output], domain=domain, **attributes))
        return output


def model(state: dict[str, Array]) -> onnx.ModelProto:
    """The network with the weights ``state``.

    It takes one window as the arrays of ``extract.tagger.words.Window``, and gives ``scores`` (words, tags),
    log-probabilities.
    """
    graph = _Graph()

    def linear(hidden: str, *names: str) -> str:
        """The results of several linear maps beside each other."""
        name = names[0]
        matrix = np.concatenate([state[f"{each}.weight"] for each in names]).T
        scale = np.abs(matrix).max(axis=0) / LARGEST
        return graph.add(
            "DynamicQuantizeMatMul",
            hidden,
            graph.weight(f"{name}.weight", np.rint(matrix / scale).astype(np.int8)),
            graph.weight(f"{name}.scale", scale.astype(np.float32)),
            graph.weight(f"{name}.zero", np.zeros(len(scale), np.int8)),
            graph.weight(f"{name}.bias", np.concatenate([state[f"{each}.bias"] for each in names])),
            own=True,
        )

    def heads(hidden: str, *names: str) -> list[str]:
        """The result of each map, the heads by themselves: (1, heads, places, part of a head)."""
        apart = graph.weight(f"{names[0]}.apart", np.array([-1, len(names), HEADS, HIDDEN // HEADS]))
        parts = graph.add("Transpose", graph.add("Reshape", linear(hidden, *names), apart), perm=(1, 2, 0, 3))
        if len(names) == 1:
            return [parts]
        outputs = [f"Split.{len(graph.nodes)}.{number}" for number in range(len(names))]
        ones = graph.weight(f"{names[0]}.ones", np.ones(len(names), np.int64))
        graph.nodes.append(helper.make_node("Split", [parts, ones], outputs, axis=0))
        return outputs

    def norm(hidden: str, skip: str, name: str) -> str:
        parts = (graph.weight(f"{name}.{part}", state[f"{name}.{part}"]) for part in ("weight", "bias"))
        return graph.add("LayerNormalization", graph.add("Add", hidden, skip), *parts, epsilon=EPSILON)

    pieces = state["pieces.weight"]
    scale = np.abs(pieces).max(axis=1, keepdims=True) / 127
    scale[scale == 0] = 1
    table = graph.weight("pieces.weight", np.rint(pieces / scale).astype(np.int8))
    rows = graph.add("Cast", graph.add("Gather", table, "pieces"), to=TensorProto.FLOAT)
    scales = graph.add("Gather", graph.weight("pieces.scale", scale.astype(np.float32)), "pieces")
    shapes = graph.add("Gather", graph.weight("shapes.weight", state["shapes.weight"]), "shapes")
    begin = graph.weight("begin", np.array([0]))
    places = graph.weight("places.weight", state["places.weight"])
    places = graph.add("Slice", places, begin, graph.add("Shape", "pieces"))
    hidden = norm(graph.add("Add", graph.add("Mul", rows, scales), places), shapes, "norm")

    whole = graph.weight("whole", np.array([-1, HIDDEN]))

    def head(hidden: str, name: str) -> str:
        parts = (graph.weight(f"{name}.{part}", state[f"{name}.{part}"]) for part in ("weight", "bias"))
        return graph.add("Gemm", hidden, *parts, transB=1)

    early = rest = ""
    for number in range(LAYERS):
        name = f"layers.{number}"
        if number < WIDE:
            query, key, value = heads(hidden, *(f"{name}.{part}" for part in ("query", "key", "value")))
        else:
            if number == WIDE:  # from here on only what may be of a name is wanted; the rest is but attended to
                early = head(graph.add("Gather", hidden, "firsts"), "early")
                rest, hidden = graph.add("Gather", hidden, "rest"), graph.add("Gather", hidden, "kept")
            seen = graph.add("Concat", hidden, rest, axis=0)
            key, value = heads(seen, f"{name}.key", f"{name}.value")
            if number == LAYERS - 1:  # and from here on nothing but words
                hidden = graph.add("Gather", hidden, "heads")
            (query,) = heads(hidden, f"{name}.query")
        mixed = graph.add("FusedMatMul", query, key, own=True, transB=1, alpha=(HIDDEN // HEADS) ** -0.5)
        mixed = graph.add("MatMul", graph.add("Softmax", mixed, axis=-1), value)
        mixed = graph.add("Reshape", graph.add("Transpose", mixed, perm=(0, 2, 1, 3)), whole)
        hidden = norm(linear(mixed, f"{name}.attended"), hidden, f"{name}.attention_norm")
        inner = graph.add("Gelu", linear(hidden, f"{name}.inner"), own=True)
        hidden = norm(linear(inner, f"{name}.outer"), hidden, f"{name}.norm")
    logits = graph.add("ScatterND", early, "named", head(hidden, "head"))
    graph.nodes.append(helper.make_node("LogSoftmax", [logits], ["scores"], axis=1))

    sizes: dict[str, list[int | str]] = {"pieces": ["places"], "shapes": ["places"], "firsts": ["words"]}
    sizes |= {"kept": ["kept places"], "rest": ["other places"], "heads": ["named words"], "named": ["named words", 1]}
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, size) for name, size in sizes.items()]
    scores = helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["words", len(state["head.bias"])])
    return helper.make_model(
        helper.make_graph(graph.nodes, "names", inputs, [scores], graph.weights),
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid("com.microsoft", OWN_OPSET)],
        ir_version=IR,
        producer_name="training.export",
    )


def export(run: Path, tokenizer: Tokenizer, target: Path) -> None:
    """Write ``names.onnx``, ``tokenizer.json`` and their ``manifest.json`` to ``target`` from the weights in ``run``.

    The calibration is none yet (slope 1, shift 0).
    """
    onnx.save(model(load_file(run / "network.safetensors")), target / "names.onnx")
    tokenizer.save(str(target / "tokenizer.json"), pretty=False)
    files = {
        name: hashlib.sha256((target / name).read_bytes()).hexdigest() for name in ("names.onnx", "tokenizer.json")
    }
    (target / "manifest.json").write_text(json.dumps({"files": files, "calibration": [1.0, 0.0]}, indent=1) + "\n")
