"""What the end-to-end, crash and benchmark drivers share. Python's standard library only."""
