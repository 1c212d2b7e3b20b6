/* bpf_object: the kernel half of the eBPF sensor, as clang made it (meson.build, tools/embed). */
#ifndef SOURCE_BPF_OBJECT_H
#define SOURCE_BPF_OBJECT_H

extern const unsigned char bpf_object[];
extern const unsigned long bpf_object_size;

#endif
