"""The only folder of this package that a worker gets: it runs one submission."""
