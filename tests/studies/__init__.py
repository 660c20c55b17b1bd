"""The study designs; `made` holds the counts with known effects that several of them are given."""
