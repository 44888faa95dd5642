"""What tables are made of, and how they are written; the tables are in `tables`."""
