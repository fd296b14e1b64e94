"""How the city writes numbers, where it is not as Django's languages have it."""
