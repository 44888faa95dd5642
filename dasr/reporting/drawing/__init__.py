"""What figures share: style, text, panels, mosaics; the figures are in `figures`."""
