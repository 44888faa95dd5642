"""Breaking a study on purpose: `make faults`, and a short version in the tests."""
