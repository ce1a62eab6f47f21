"""What rolling makes of an edition: values and frames in, values and frames out; no session, no clock."""
