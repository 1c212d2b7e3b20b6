# strace with stack traces: reads the tracee's maps and memory.
# lines: 1500
strace -k -o /tmp/trace ls / 
true
