"""What every room needs: settings, errors, units, language, database, paging."""
