"""Forms of the hotline's screens: all input passes one of them."""
