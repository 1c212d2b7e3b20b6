/*
 * Takes apart what aucoalesce put together. What it does to the fields
 * (go-libaudit auparse/auparse.go, aucoalesce/coalesce.go) is undone:
 *
 *   arch "x86_64", syscall "openat", exit "EACCES"   numbers again
 *   success, res        "result", success or fail    success=yes|no, res=1|0
 *   auid, ses 4294967295     "unset", or left out    4294967295
 *   euid equal to uid                    left out    uid
 *   items                                left out    the number of paths
 *   key                                      tags    key=, joined by \x01
 *   proctitle              its NULs became blanks    stay blanks
 *   (null)                               left out    (null) for a PATH's name, else left out
 */
#include "decode/coalesced_fields.h"

#include <stdio.h>

#include "decode/canonical.h"
#include "decode/names.h"
#include "model/fields.h"

#define UNSET SPAN("4294967295")

static bool is_number(struct span text)
{
	uint64_t value;

	return text.len && span_decimal(text, &value) == text.len;
}

/* A user or group id: a number, "unset", or root's name. Others are names, and not said. */
static struct span id_of(struct span text)
{
	if (span_equal(text, SPAN("unset")) || span_equal(text, SPAN("-1")))
		return UNSET;
	if (span_equal(text, SPAN("root")))
		return SPAN("0");
	return is_number(text) ? text : (struct span){ NULL, 0 };
}

static void add_id(struct buffer *body, const char *name, struct span text, struct span otherwise)
{
	struct span id = id_of(text);

	if (!id.data)
		id = otherwise;
	if (id.data)
		field_add_plain(body, name, id);
}

void coalesced_add(struct buffer *body, const char *name, struct span value)
{
	if (value.data)
		canonical_add(body, span_of(name), value);
}

struct span coalesced_value(const struct coalesced *from, const char *name, enum slot slot)
{
	struct span value = coalesced_datum(from, span_of(name));

	return value.data ? value : from->slots[slot];
}

static uint32_t add_arch(struct buffer *body, struct span text)
{
	uint64_t number = names_arch(text);

	if (!text.data)
		return 0;
	if (number == 0 && (span_hex(text, &number) != text.len || number > UINT32_MAX)) {
		canonical_add(body, SPAN("arch"), text);
		return 0;
	}
	char hex[16];
	snprintf(hex, sizeof(hex), "%x", (unsigned)number);
	canonical_add(body, SPAN("arch"), span_of(hex));
	return (uint32_t)number;
}

static void add_syscall(struct buffer *body, struct span text, uint32_t arch)
{
	int number = is_number(text) ? -1 : names_syscall(text, arch);

	if (number >= 0)
		field_add_number(body, "syscall", number);
	else
		coalesced_add(body, "syscall", text);
}

static void add_exit(struct buffer *body, struct span text)
{
	int number = text.len ? names_errno(text) : 0;

	if (number > 0)
		field_add_number(body, "exit", -(int64_t)number);
	else
		coalesced_add(body, "exit", text);
}

int coalesced_result(const struct coalesced *from)
{
	static const struct span yes[] = { SPAN("success"), SPAN("yes"), SPAN("1") };
	static const struct span no[] = { SPAN("fail"), SPAN("failure"), SPAN("failed"), SPAN("no"), SPAN("0") };
	const struct span told[] = { coalesced_datum(from, SPAN("success")), coalesced_datum(from, SPAN("result")),
				     coalesced_datum(from, SPAN("res")), from->slots[SLOT_RESULT],
				     from->slots[SLOT_OUTCOME] };
	size_t at = 0;

	while (at < sizeof(told) / sizeof(*told) && !told[at].data)
		at++;
	if (at == sizeof(told) / sizeof(*told))
		return -1;
	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++)
		if (span_equal(told[at], yes[i]))
			return 1;
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++)
		if (span_equal(told[at], no[i]))
			return 0;
	return -1;
}

static const struct {
	const char *name;
	enum slot slot;
} ids[] = {
	{ "auid", SLOT_AUID }, { "uid", SLOT_UID },   { "gid", SLOT_GID },
	{ "euid", SLOT_EUID }, { "suid", SLOT_SUID }, { "fsuid", SLOT_FSUID },
	{ "egid", SLOT_EGID }, { "sgid", SLOT_SGID }, { "fsgid", SLOT_FSGID },
};

void coalesced_add_ids(struct buffer *body, const struct coalesced *from, bool complete)
{
	for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++) {
		struct span otherwise = { NULL, 0 };
		if (complete && ids[i].slot == SLOT_AUID)
			otherwise = UNSET;
		else if (complete && ids[i].slot == SLOT_EUID)
			otherwise = id_of(coalesced_value(from, "uid", SLOT_UID));
		add_id(body, ids[i].name, coalesced_value(from, ids[i].name, ids[i].slot), otherwise);
	}
}

void coalesced_add_session(struct buffer *body, const struct coalesced *from, bool complete)
{
	add_id(body, "ses", coalesced_value(from, "ses", SLOT_SES), complete ? UNSET : (struct span){ NULL, 0 });
}

void coalesced_add_call(struct buffer *body, const struct coalesced *from)
{
	uint32_t arch = add_arch(body, coalesced_value(from, "arch", SLOT_ARCHITECTURE));
	int result = coalesced_result(from);

	add_syscall(body, coalesced_datum(from, SPAN("syscall")), arch);
	if (result >= 0)
		field_add_plain(body, "success", result ? SPAN("yes") : SPAN("no"));
	add_exit(body, coalesced_value(from, "exit", SLOT_EXIT_CODE));
}
