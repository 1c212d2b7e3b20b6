#include "match/cidr.h"

#include <arpa/inet.h>
#include <errno.h>

static bool read_address(struct span text, uint8_t address[16], bool *v6)
{
	char room[INET6_ADDRSTRLEN + 1];

	if (text.len == 0 || text.len >= sizeof(room) || memchr(text.data, '\0', text.len))
		return false;
	memcpy(room, text.data, text.len);
	room[text.len] = '\0';
	*v6 = memchr(room, ':', text.len) != NULL;
	return inet_pton(*v6 ? AF_INET6 : AF_INET, room, address) == 1;
}

/* Clears what lies behind the first `bits` bits; whether anything was set there. */
static bool clear_host(uint8_t *address, size_t bits, size_t len)
{
	bool was_set = false;

	for (size_t i = bits / 8; i < len; i++) {
		uint8_t network = i == bits / 8 ? (uint8_t)(0xff00u >> bits % 8) : 0;
		was_set |= (address[i] & (uint8_t)~network) != 0;
		address[i] &= network;
	}
	return was_set;
}

int cidr_parse(struct cidr *cidr, struct span text)
{
	size_t slash = span_index(text, '/');
	struct span suffix = span_skip(text, slash + (slash < text.len));
	uint64_t bits;

	*cidr = (struct cidr){ 0 };
	if (!read_address(span_first(text, slash), cidr->address, &cidr->v6))
		return -EINVAL;
	size_t len = cidr->v6 ? 16 : 4;
	if (slash == text.len)
		bits = 8 * len;
	else if (suffix.len > 3 || suffix.len == 0 || span_decimal(suffix, &bits) != suffix.len || bits > 8 * len)
		return -EINVAL;
	cidr->bits = (uint8_t)bits;
	return clear_host(cidr->address, bits, len) ? 1 : 0;
}

bool cidr_match(const struct cidr *cidr, struct span address)
{
	static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
	uint8_t bytes[16];
	const uint8_t *at = bytes;
	bool v6;

	if (!read_address(span_first(address, span_index(address, '%')), bytes, &v6))
		return false;
	if (v6 && !cidr->v6 && memcmp(bytes, mapped, sizeof(mapped)) == 0)
		at += sizeof(mapped);
	else if (v6 != cidr->v6)
		return false;
	size_t whole = cidr->bits / 8;
	uint8_t part = (uint8_t)(0xff00u >> cidr->bits % 8);
	if (memcmp(at, cidr->address, whole) != 0)
		return false;
	return part == 0 || ((at[whole] ^ cidr->address[whole]) & part) == 0;
}
