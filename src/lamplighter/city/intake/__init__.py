"""A call arrives, questions are asked, the policy decides."""
