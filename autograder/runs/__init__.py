"""A numbered run over a class: grade, regrade, export."""
