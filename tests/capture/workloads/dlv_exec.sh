# delve: a Go program that delve starts itself.
export HOME=/tmp
cd /tmp
printf 'break main.main\ncontinue\nbt\nexit\n' | dlv exec /srv/lab1/bin/godecoy --allow-non-terminal-interactive=true
true
