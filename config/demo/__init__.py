"""The whole loop on one machine: a small site, a mail sink, and what happens between them."""
