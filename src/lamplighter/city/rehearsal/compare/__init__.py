"""Scenarios side by side: what differs for certain, in numbers, words, pictures and maps."""
