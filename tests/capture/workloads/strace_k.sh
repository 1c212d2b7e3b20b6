# strace with stack traces: reads the tracee's maps and memory.
strace -k -o /tmp/trace ls / 
true
