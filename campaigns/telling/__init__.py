"""How what is on record is told to readers of feeds: in the same words by the API and the site."""
