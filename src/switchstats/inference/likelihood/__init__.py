"""Log-likelihoods of error counts whose rates vary between retailers, and their maxima."""
