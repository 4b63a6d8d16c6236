"""The pages of signing in: translated in, one service call, translated out."""
