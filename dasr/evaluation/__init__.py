"""What is made of test images: SR and its quality, examples, representations."""
