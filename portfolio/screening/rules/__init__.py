"""Gates, scores and ranks: values and frames in, values and frames out; no session, no clock."""
