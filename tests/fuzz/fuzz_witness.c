/*
 * What the kernel half sends, with any bytes: an access that points into what was read, or none; the same each time.
 * Also with a head that is mended, so that the texts are reached.
 */
#include <stdlib.h>

#include "source/witness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void look_at(const struct witness *witness, struct span text)
{
	const char *begin = (const char *)witness, *end = begin + sizeof(*witness);
	unsigned sum = 0;

	require(text.data || !text.len);
	require(text.len <= 2 * WIRE_ACCESS_MAX);
	/* Literals lie elsewhere. */
	require(text.len <= 24 || (text.data >= begin && text.data + text.len <= end));
	for (size_t i = 0; i < text.len; i++)
		sum += (unsigned char)text.data[i];
	require(sum <= 255 * text.len);
}

static void look_at_process(const struct witness *witness, const struct process *process)
{
	look_at(witness, process->comm);
	look_at(witness, process->exe);
	look_at(witness, process->script);
	look_at(witness, process->cmdline);
	look_at(witness, process->tty);
	look_at(witness, process->container);
	require(!process->exe.len || process->exe.data[0] == '/' || process->exe.data[0] == '.');
}

static void read_bytes(struct witness *witness, struct span bytes)
{
	if (!witness_read(witness, bytes, INT64_C(1795430000000000000)))
		return;
	const struct access *access = &witness->access;
	look_at(witness, access->path);
	look_at(witness, access->resolved_path);
	look_at_process(witness, &access->actor);
	look_at_process(witness, &access->target);
	require(access->entry < ENTRY_COUNT && access->outcome <= 0 && access->outcome >= -4095);
	require(!access->self || access->resolved_by == RESOLVED_SELF);
}

/* A head that is none is made one. */
static void mend(uint8_t *bytes, size_t size)
{
	struct wire_access head;
	size_t left = size - sizeof(head);

	memcpy(&head, bytes, sizeof(head));
	head.version = WIRE_VERSION;
	head.call = (uint8_t)(1 + head.call % WIRE_CALL_CHECK);
	for (size_t i = 0; i < WIRE_TEXTS; i++) {
		head.text_len[i] = (uint16_t)(head.text_len[i] % (left + 1));
		left -= head.text_len[i];
	}
	memcpy(bytes, &head, sizeof(head));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct witness witness;
	uint8_t *copy = malloc(size ? size : 1);

	memcpy(copy, data, size);
	read_bytes(&witness, (struct span){ (const char *)copy, size });
	if (size >= sizeof(struct wire_access)) {
		mend(copy, size);
		read_bytes(&witness, (struct span){ (const char *)copy, size });
	}
	free(copy);
	return 0;
}
