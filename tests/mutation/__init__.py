"""Small changes to the grader: does a test notice each? See `mutation.__main__`."""
