"How often the right section comes first, what each part of the ranking buys, and how its weights were chosen"
