"""Detection in Spanish, French and German: a plain statement is found, all else left alone."""
