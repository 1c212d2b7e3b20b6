#!/bin/bash
# tests/vm/image.sh BUILD FILE
# An initramfs: proctor as `meson install` lays it out, the test programs, the programs that the drill and the tests of
# sensors call, as far as they are installed here, the libraries of all of them, and busybox for what is missing.
set -eu -o pipefail
cd "$(dirname "$0")/../.."
build=$(cd "$1" && pwd) file=$(realpath "$2")
root=$(mktemp -d)
chmod 755 "$root" # it becomes the root directory of everybody
trap 'rm -rf "$root"' EXIT

# As they are, without what links lead to: one name, one file.
copy() {
	cp -L --parents --preserve=mode,timestamps "$@" "$root" 2>/dev/null || true
}

libraries() {
	ldd "$@" 2>/dev/null | grep -oE '/[^ ]+' | grep -v ':$' | sort -u
}

program() {
	local place
	for place in /usr/bin /usr/sbin; do
		[ ! -x "$place/$1" ] || copy "$place/$1"
	done
}

mkdir -p "$root"/usr/{bin,sbin,lib,lib64} "$root"/{dev,etc,proc,root,run,sys,tmp,new,mnt}
for name in bin sbin lib lib64; do
	ln -s "usr/$name" "$root/$name"
done
cp "$(command -v busybox)" "$root/usr/bin/busybox"
cp tests/vm/init "$root/init"
chmod 755 "$root/init"
echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
echo 'root:x:0:' >"$root/etc/group"

DESTDIR=$root meson install -C "$build" --no-rebuild --quiet >/dev/null
mkdir -p "$root/src/build/tests"
cp -r tests/lib tests/live "$root/src/"
cp "$build"/tests/{reach,sensor_print} "$root/src/build/tests/"

# What variants.def and the tests call; see also the words of `command|` there.
for name in bash sh cat cp cut dd env grep head id ls mkdir mkfifo mktemp readlink realpath rm rmdir sed seq sleep sort \
	stat tail timeout tr true uname wc mawk awk chmod auditctl xxd strings perl python3 gdb gcore ps pgrep pidof top \
	pmap lsof fuser free uptime; do
	program "$name"
done
copy /lib/terminfo/d/dumb
if [ -x /usr/bin/python3 ]; then
	standard=$(/usr/bin/python3 -c 'import os; print(os.path.dirname(os.__file__))')
	(cd / && tar -c --exclude=dist-packages --exclude=test --exclude=idlelib --exclude=lib2to3 --exclude=pydoc_data \
		--exclude='config-*' --exclude=ensurepip --exclude=tkinter "${standard#/}") | tar -x -C "$root"
fi
[ ! -d /usr/share/gdb ] || cp -r --parents /usr/share/gdb "$root"
mapfile -t needed < <(find "$root" -type f \( -perm -100 -o -name '*.so' \) -exec sh -c '
	for file; do ldd "$file" 2>/dev/null; done' sh {} + | grep -oE '/[^ :]+' | grep -v "^$root" | sort -u)
copy "${needed[@]}"

(cd "$root" && find . | cpio --quiet -o -H newc) >"$file"
