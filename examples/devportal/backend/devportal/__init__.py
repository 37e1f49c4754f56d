"""A developer portal: people sign up, make keys, and programs use an API with them, each within its quota."""
