"""Random business while everything is killed at random; afterwards the books are checked by laws of their own."""
