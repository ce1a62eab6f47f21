"""Files laid beside objects of any kind: checked by content, kept by hash outside the database."""
