"The password of everybody in these tests: the engine refuses shorter ones"
PASSWORD = 'Correct-horse-9-pile'
