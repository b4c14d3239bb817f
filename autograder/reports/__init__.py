"""Marks to people: pages for students and staff."""
