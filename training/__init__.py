"""Learning what detection judges by from labelled passages: ``make train``.

``make kinds`` groups the words that mean alike, before.
"""
