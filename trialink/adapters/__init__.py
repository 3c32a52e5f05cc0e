"""Thin skins over the library for other frameworks; no logic of their own."""
