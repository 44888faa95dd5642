"""Configurations of architectures, a module each; `dasr.config.architectures` names them."""
