"""Asked, proposed and granted; financing instruments, envelopes and the capital plan."""
