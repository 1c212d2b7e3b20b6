# procps: every process is listed.
ps aux
