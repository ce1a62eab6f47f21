"""Files beside objects of every room: whose they are decides who sees, lays and takes them away."""
