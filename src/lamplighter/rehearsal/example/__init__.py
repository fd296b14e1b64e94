"""The example team file for the calls at hand: where its units are based, and how many they are."""
