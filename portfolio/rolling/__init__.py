"""Programme editions: rolled forward, amended, approved and frozen, compared with any other."""
