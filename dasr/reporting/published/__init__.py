"""Published tables: their layouts' names, and their numbers as data. No torch here."""
