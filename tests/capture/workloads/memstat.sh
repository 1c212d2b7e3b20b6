# memstat: maps of every process.
memstat
