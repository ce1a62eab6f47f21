"""Finance: capital, envelopes, the review of what is asked, the budget."""
