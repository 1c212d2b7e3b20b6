# delve: attached to a Go program that this workload starts.
export HOME=/tmp GOCACHE=/tmp/gocache GOFLAGS=-mod=mod
mkdir -p /tmp/godecoy && cd /tmp/godecoy
[ -x /srv/lab1/bin/godecoy ] || exit 77
/srv/lab1/bin/godecoy &
target=$!
sleep 0.5
printf 'goroutines\nbt\nexit\nn\n' | dlv attach $target /srv/lab1/bin/godecoy --allow-non-terminal-interactive=true
kill $target
wait
true
