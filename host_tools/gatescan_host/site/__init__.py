"""Site files: what one prison enters by hand, read with line numbers and checked."""
