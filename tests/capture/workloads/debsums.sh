# debsums of one package.
debsums procps
true
