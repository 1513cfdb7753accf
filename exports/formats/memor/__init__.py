"""The official MEmoR layout (Shen et al., ACM MM 2020; repository sunlightsgy/MEmoR): writer, reader, and their parts."""
