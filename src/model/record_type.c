/*
 * Names and numbers of audit record types.
 *
 * record_type_of() runs for every record, and nine of ten have one of a few
 * names: those are compared as whole words of a known length first, the rest
 * is searched.
 */
#include "model/record.h"

struct type_name {
	uint8_t len;
	uint16_t type;
	const char *name;
};

static const struct type_name by_name[] = {
#define X(name, number) { sizeof(#name) - 1, number, #name },
#include "model/record_types.def"
#undef X
};

#define TYPE_FIRST 1000
#define TYPE_LAST 2999

static const char *const by_number[TYPE_LAST - TYPE_FIRST + 1] = {
#define X(name, number) [(number)-TYPE_FIRST] = #name,
#include "model/record_types.def"
#undef X
};

/* Compilers make one or two word compares of these. */
#define IS(literal, number)                                       \
	if (memcmp(name.data, literal, sizeof(literal) - 1) == 0) \
	return number

static uint16_t common_type(struct span name)
{
	switch (name.len) {
	case 3:
		IS("CWD", AUDIT_TYPE_CWD);
		IS("EOE", AUDIT_TYPE_EOE);
		IS("AVC", 1400);
		break;
	case 4:
		IS("PATH", AUDIT_TYPE_PATH);
		break;
	case 6:
		IS("EXECVE", AUDIT_TYPE_EXECVE);
		break;
	case 7:
		IS("SYSCALL", AUDIT_TYPE_SYSCALL);
		IS("OBJ_PID", AUDIT_TYPE_OBJ_PID);
		break;
	case 8:
		IS("SOCKADDR", 1306);
		IS("CRED_ACQ", 1103);
		IS("USER_END", 1106);
		break;
	case 9:
		IS("PROCTITLE", AUDIT_TYPE_PROCTITLE);
		IS("USER_ACCT", 1101);
		IS("CRED_DISP", 1104);
		break;
	case 10:
		IS("USER_START", 1105);
		break;
	default:
		break;
	}
	return 0;
}

static int compare(struct span name, const struct type_name *with)
{
	if (name.len != with->len)
		return name.len < with->len ? -1 : 1;
	return memcmp(name.data, with->name, name.len);
}

static uint16_t search(struct span name)
{
	size_t low = 0, high = sizeof(by_name) / sizeof(*by_name);

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = compare(name, &by_name[middle]);
		if (order == 0)
			return by_name[middle].type;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return 0;
}

/* "1300", and what libaudit and journald call a type that they do not know: "UNKNOWN[1329]", "AUDIT1334". */
static uint16_t numeric_type(struct span name)
{
	uint64_t number;

	if (span_starts(name, SPAN("UNKNOWN[")) && name.data[name.len - 1] == ']')
		name = (struct span){ name.data + 8, name.len - 9 };
	else if (span_starts(name, SPAN("AUDIT")))
		name = span_skip(name, 5);
	return name.len && span_decimal(name, &number) == name.len && number <= UINT16_MAX ? (uint16_t)number : 0;
}

/* Apart, so that the usual way is short. */
static __attribute__((noinline)) uint16_t rare_type(struct span name)
{
	uint16_t type = search(name);

	return type ? type : numeric_type(name);
}

uint16_t record_type_of(struct span name)
{
	uint16_t type = common_type(name);

	return type ? type : rare_type(name);
}

const char *record_type_name(uint16_t type)
{
	return type >= TYPE_FIRST && type <= TYPE_LAST ? by_number[type - TYPE_FIRST] : NULL;
}
