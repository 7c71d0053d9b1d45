"""The printed sheet: barcodes for commands, amounts of cash, and items without a tag."""
