# ltrace: a program that ltrace starts itself.
# lines: 1000
ltrace -o /tmp/trace ls /
true
