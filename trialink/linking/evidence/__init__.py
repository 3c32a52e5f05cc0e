"""What texts state and records declare of which numbers are one trial: links, nothing merged."""
