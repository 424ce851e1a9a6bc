"""Facts out of texts."""
