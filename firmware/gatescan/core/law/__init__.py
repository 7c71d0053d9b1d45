"""Facts in, verdict out: evaluates the compiled policy of an order."""
