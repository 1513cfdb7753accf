"""The networks themselves: torch modules that load the weights of installed packages. They are imported late.

Every module takes float32 (or half) tensors and returns a tensor or a tuple of them; pixels go in as 0 to 255.
"""
