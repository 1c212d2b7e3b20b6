# valgrind: memory check of a program it starts.
valgrind -q --leak-check=full ls / 
true
