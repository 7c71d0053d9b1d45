"""Tags as readers deliver them, turned into one canonical identity."""
