"""What takes its time, a run or a search: started once, followed while it works, stopped."""
