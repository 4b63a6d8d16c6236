"""Learning the weights of detection from labelled passages. Needs the extra ``training``."""
