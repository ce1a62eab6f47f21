"""Rules of what follows from an approved scenario: what of it still holds, and where a year stands."""
