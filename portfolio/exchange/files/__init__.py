"""What an uploaded file holds: its cells, read in a child process with limits on memory, time and cells."""
