"""What rows, tables and figures are about: columns, metrics, tasks. All of it is quick."""
