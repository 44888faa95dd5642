"""What representations show: scores of their classes, and pictures of them. No torch here."""
