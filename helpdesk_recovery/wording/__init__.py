"""Every text we emit: catalogues in five languages, money and dates as people write them, and the internal note."""
