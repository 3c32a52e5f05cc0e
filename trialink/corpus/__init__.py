"""Collections of documents that are too large for one process or one sitting."""
