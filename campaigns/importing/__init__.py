"""Files that people bring: tables of any origin become rows of texts. Pure."""
