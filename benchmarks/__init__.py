"""What costs what, each beside its limit measured in the same run: `make bench`."""
