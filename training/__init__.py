"""How the tagger of ``extract.tagger`` is made; nothing of the package needs it."""
