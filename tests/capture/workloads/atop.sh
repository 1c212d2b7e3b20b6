# atop: two samples, with proportional set sizes.
# lines: 8000
export TERM=xterm
atop -R -P PRM 1 1
atop -P PRM,PRC 1 1
true
