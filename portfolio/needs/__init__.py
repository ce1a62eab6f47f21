"""What each project asks for: money, land, sea and forest, by year."""
