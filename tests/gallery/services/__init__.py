"""The demo gallery's own services."""
