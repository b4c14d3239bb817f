"""What an author wrote: `assignment` reads it, checked; `cases` a test file's text.

`costs` has what right answers take, and the limits. `toml_files` reads TOML against a
schema, `reference_models` has trained weights and held out images, `stub` makes of a
reference what students start from, `handout` puts together what they read.
"""
