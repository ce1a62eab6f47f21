"""Hand-over: what a unit that ended, or an account, leaves goes to who follows, as one act."""
