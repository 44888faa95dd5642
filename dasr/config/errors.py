"""The error that a user can mend by editing a file."""


class ConfigError(ValueError):
    """A bad key or value: the message is one line naming file, key and what is allowed.

    Raised for everything a user can get wrong; scripts and the command line print the
    message alone and exit with code 2.
    """

    mendable = True
