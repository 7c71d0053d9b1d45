"""Orders as data: the rule language, its compiler, and what is asked of a compiled order."""
