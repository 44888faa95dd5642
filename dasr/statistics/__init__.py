"""Means, intervals and paired differences: tables in, tables out."""
