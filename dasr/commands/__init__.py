"""What a user does with images and files: also the functions behind the command line."""
