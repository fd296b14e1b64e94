"""The rehearsal room: scenarios of teams and policies, run on the city's calls, and compared."""
