"""The shapes of requests and answers, and the kinds of value they carry."""
