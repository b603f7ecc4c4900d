"""The next assessment, under construction: a table of weights over the features of a reading. Nothing ships it yet."""
