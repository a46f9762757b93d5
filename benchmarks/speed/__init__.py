"What takes how long, and how much memory: budgets, a contest with other searches, growth"
