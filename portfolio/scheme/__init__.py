"""The scheme: its tasks, its responsible units, the lead-unit rule."""
