# unhide: compares /proc with what ps and the system calls say.
unhide -d proc procall quick
true
