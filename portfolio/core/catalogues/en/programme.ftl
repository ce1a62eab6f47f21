error-rolling-set_changed = This set of edition { $code } has changed since it was shown; reload, look, and decide again.
