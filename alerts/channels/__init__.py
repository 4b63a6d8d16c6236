"""Ways to reach people: what a message says, and how it is handed over."""
