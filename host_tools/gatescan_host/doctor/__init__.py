"""What is wrong between this computer and a scanner, and in the scanner itself."""
