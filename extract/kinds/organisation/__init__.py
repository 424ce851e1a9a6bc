"""Organisations: named companies, banks, agencies, ministries, media, with one name each in a document."""

from extract.kinds.organisation.recognise import FLAGS, RULES, recognise

__all__ = ["FLAGS", "RULES", "recognise"]
