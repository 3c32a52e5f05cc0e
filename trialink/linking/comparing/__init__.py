"""Whether a text and the record of a number in it are of one trial: aspect by aspect."""
