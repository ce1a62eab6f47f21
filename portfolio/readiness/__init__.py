"""Approvals and preparatory steps: how ready a project is, and when it could start."""
