"""The only room that knows all the others: tasks, link, slots, self-test."""
