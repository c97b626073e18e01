"""How speech and keys travel: the provider's signatures, documents and REST interface, and the simulated provider."""
