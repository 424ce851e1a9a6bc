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

from training.network import EPSILON, HEADS, HIDDEN, LAYERS

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

    It takes ``pieces`` and ``shapes`` (windows, places), without padding, and ``firsts`` (words), the places of the
    words' first pieces in the flattened windows, and gives ``scores`` (words, tags), log-probabilities.
    """
    graph = _Graph()

    def linear(hidden: str, name: str) -> str:
        matrix = state[f"{name}.weight"].T
        scale = np.abs(matrix).max(axis=0) / LARGEST
        return graph.add(
            "DynamicQuantizeMatMul",
            hidden,
            graph.weight(f"{name}.weight", np.rint(matrix / scale).astype(np.int8)),
            graph.weight(f"{name}.scale", scale.astype(np.float32)),
            graph.weight(f"{name}.zero", np.zeros(len(scale), np.int8)),
            graph.weight(f"{name}.bias", state[f"{name}.bias"]),
            own=True,
        )

    def norm(hidden: str, skip: str, name: str) -> str:
        parts = (graph.weight(f"{name}.{part}", state[f"{name}.{part}"]) for part in ("weight", "bias"))
        return graph.add("LayerNormalization", graph.add("Add", hidden, skip), *parts, epsilon=EPSILON)

    pieces = state["pieces.weight"]
    scale = np.abs(pieces).max(axis=1, keepdims=True) / 127
    scale[scale == 0] = 1
    table = graph.weight("pieces.weight", np.rint(pieces / scale).astype(np.int8))
    rows = graph.add("Cast", graph.add("Gather", table, "pieces"), to=TensorProto.FLOAT)
    hidden = graph.add(
        "Mul", rows, graph.add("Gather", graph.weight("pieces.scale", scale.astype(np.float32)), "pieces")
    )
    shapes = graph.add("Gather", graph.weight("shapes.weight", state["shapes.weight"]), "shapes")
    count = graph.add("Gather", graph.add("Shape", "pieces"), graph.weight("one", np.array([1])), axis=0)
    places = graph.add(
        "Slice", graph.weight("places.weight", state["places.weight"]), graph.weight("zero", np.array([0])), count
    )
    hidden = norm(graph.add("Add", hidden, places), shapes, "norm")
    for number in range(LAYERS):
        name = f"layers.{number}"
        width = graph.weight(f"{name}.width", np.array([HIDDEN] * 3))
        mixed = linear(hidden, f"{name}.query_key_value")
        outputs = [f"{name}.{part}" for part in ("query", "key", "value")]
        graph.nodes.append(helper.make_node("Split", [mixed, width], outputs, axis=2))
        mixed = graph.add("MultiHeadAttention", *outputs, own=True, num_heads=HEADS)
        hidden = norm(linear(mixed, f"{name}.attended"), hidden, f"{name}.attention_norm")
        inner = graph.add("Gelu", linear(hidden, f"{name}.inner"), own=True)
        hidden = norm(linear(inner, f"{name}.outer"), hidden, f"{name}.norm")
    flat = graph.add("Reshape", hidden, graph.weight("flat", np.array([-1, HIDDEN])))
    words = graph.add("Gather", flat, "firsts")
    logits = graph.add(
        "Gemm", words, *(graph.weight(f"head.{part}", state[f"head.{part}"]) for part in ("weight", "bias")), transB=1
    )
    graph.nodes.append(helper.make_node("LogSoftmax", [logits], ["scores"], axis=1))

    def info(name: str, kind: int, *shape: str | int) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, kind, shape)

    windows = ("windows", "places")
    given = [info(name, TensorProto.INT64, *windows) for name in ("pieces", "shapes")]
    return helper.make_model(
        helper.make_graph(
            graph.nodes,
            "names",
            [*given, info("firsts", TensorProto.INT64, "words")],
            [info("scores", TensorProto.FLOAT, "words", len(state["head.bias"]))],
            graph.weights,
        ),
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
