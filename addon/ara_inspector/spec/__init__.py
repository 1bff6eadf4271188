"""The specification as pure code: header values in, findings and effective values out."""
