"""What pages ask the domain: frames and records from one session each."""
