"""Both stages of training, resumable to the bit."""
