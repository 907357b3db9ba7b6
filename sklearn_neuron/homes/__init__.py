"""Where do examples live? Everything that knows how X is stored: blocks, moments, threads, labels."""
