"""What follows from an approved scenario: in the edition, in finance's review, and where the year stands."""
