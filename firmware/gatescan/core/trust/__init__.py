"""Who may change the table: LMS signatures, signed manifest, message authentication."""
