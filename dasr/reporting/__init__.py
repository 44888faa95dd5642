"""Tables and figures: tidy statistics in, files out. No torch here."""
