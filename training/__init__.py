"""Learning the weights of detection from labelled passages, with scikit-learn: ``make train``."""
