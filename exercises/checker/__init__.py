"""How exercises are checked, shown and reported."""
