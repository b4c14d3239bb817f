"""What an author wrote: an assignment's manifest, reference, tests, misconceptions."""
