"""Published tables: their layouts, and their numbers as data. No torch here."""
