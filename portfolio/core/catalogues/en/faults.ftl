# What is said when a page or an act fails
fault-database = The database is not available
fault-busy = The database is busy
fault-held = Another process holds the database. Try again in a moment; if you were saving, nothing was saved.
fault-request = The request cannot be taken
fault-too-large = The file is too large
fault-number = Request number: { $id }
fault-again = Open this page again
fault-unsure = Check whether what you just did was saved.
fault-no-address = There is no such address. Check it, or choose a page in the menu.
fault-bad-request = This address does not take such a request. Choose the page you want in the menu.
fault-server = The server failed; the log says how. Try again later, and if it fails again tell the administrator the request number.
error-server-away = The database cannot be reached, or its file cannot be read. Try again later, and if it fails again tell the administrator the request number.
error-server-not_writable = The database cannot be written to (the disk is full, or the file is read-only); what you just did was not saved. Tell the administrator the request number.
error-server-unready = The database is incomplete or belongs to another version of the product. The administrator should run portfolio migrate.
