# ltrace: a program that ltrace starts itself.
ltrace -o /tmp/trace ls /
true
