#!/bin/bash
# tests/vm/parts.sh BUILD
# What a virtual machine with Debian's own kernel takes: qemu, busybox, cpio (packages.txt, kind vm), which are
# installed where that is possible, and the kernel, whose package is only unpacked into BUILD/vm: nothing of this
# machine's boot changes. Prints the kernel's path. Where something is not to be had, says "skip vm: why" and fails.
#
#   VM_KERNEL	this kernel instead
set -u
cd "$(dirname "$0")/../.." || exit 2
keep=$1/vm

skip() {
	echo "skip vm: $1"
	exit 1
}

# The package that linux-image-amd64 stands for, if that is of the 6.1 that Debian 12 has.
kernel_package() {
	apt-cache depends linux-image-amd64 2>/dev/null | sed -n 's/^  Depends: \(linux-image-6\.1\.[^ ]*\)$/\1/p' | head -n 1
}

# fetch PACKAGE: its vmlinuz into $keep
fetch() {
	local scratch status=1

	scratch=$(mktemp -d) || return 1
	if (cd "$scratch" && timeout 300 apt-get download -qq -o APT::Sandbox::User=root "$1") >/dev/null 2>&1 &&
		dpkg-deb -x "$scratch"/*.deb "$scratch/unpacked" &&
		mkdir -p "$keep" && cp "$scratch"/unpacked/boot/vmlinuz-* "$keep/"; then
		status=0
	fi
	rm -rf "$scratch"
	return $status
}

[ "$(uname -m)" = x86_64 ] || skip "the kernel and the emulation are x86-64's, this machine is $(uname -m)"
tools/install-packages vm >&2 || true
for program in qemu-system-x86_64 busybox cpio; do
	command -v "$program" >/dev/null || skip "$program is not installed (packages.txt, kind vm)"
done
! ldd "$(command -v busybox)" >/dev/null 2>&1 || skip "busybox is not the static one (package busybox-static)"
if [ -n "${VM_KERNEL:-}" ]; then
	[ -r "$VM_KERNEL" ] || skip "$VM_KERNEL cannot be read"
	echo "$VM_KERNEL"
	exit 0
fi
command -v apt-get >/dev/null || skip "no apt-get to fetch Debian's kernel with; VM_KERNEL can name one"
package=$(kernel_package)
[ -n "$package" ] || skip "apt knows no kernel 6.1 of Debian 12; VM_KERNEL can name one"
kernel=$keep/vmlinuz-${package#linux-image-}
[ -r "$kernel" ] || fetch "$package" || skip "apt-get cannot fetch $package"
[ -r "$kernel" ] || skip "$package holds no $(basename "$kernel")"
echo "$kernel"
