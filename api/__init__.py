"""Program 1: the HTTP side of Photogate, for integrators' systems."""
