"""Learning the weights of detection from labelled passages, with scikit-learn: ``make train``.

``make kinds`` groups the words that mean alike, before.
"""
