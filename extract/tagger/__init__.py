"""Names in news: our own tagger, a MiniLM of six layers, four of them for few words, run by onnxruntime.

``words`` says how a text is seen, ``decode`` how scores become names, ``model`` puts both to work, ``component``
makes a spaCy pipe of it. The weights, ``names.onnx``, come from ``training/``.
"""

from extract.tagger.model import Name, Tagger, tagger

__all__ = ["Name", "Tagger", "tagger"]
