"""The official MEmoR layout (Shen et al., ACM MM 2020): writer, reader, and their parts."""
