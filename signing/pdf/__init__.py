"""The report as a signed PDF: fields, signatures, validation and verification."""
