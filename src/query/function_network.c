/* Addresses. IPv4 as four decimal numbers; IPv6 as inet_pton(3) reads it. */
#include <arpa/inet.h>

#include "query/functions.h"

#define ADDRESS_MAX 46

/* 4 or 6 with the address in network order, or 0. */
static int read_address(struct span text, unsigned char address[16])
{
	char room[ADDRESS_MAX];

	if (text.len == 0 || text.len >= sizeof(room) || memchr(text.data, 0, text.len))
		return 0;
	memcpy(room, text.data, text.len);
	room[text.len] = '\0';
	if (inet_pton(AF_INET, room, address) == 1)
		return 4;
	return inet_pton(AF_INET6, room, address) == 1 ? 6 : 0;
}

static int argument_address(const struct node *node, size_t i, struct row *row, unsigned char address[16])
{
	struct span text;

	return argument_text(node, i, row, &text) ? read_address(text, address) : 0;
}

static uint32_t number_of(const unsigned char address[16])
{
	return (uint32_t)address[0] << 24 | (uint32_t)address[1] << 16 | (uint32_t)address[2] << 8 | address[3];
}

void run_is_ip(const struct node *node, struct row *row, struct value *result)
{
	unsigned char address[16];

	*result = value_bool(argument_address(node, 0, row, address) != 0);
}

void run_is_ipv4(const struct node *node, struct row *row, struct value *result)
{
	unsigned char address[16];

	*result = value_bool(argument_address(node, 0, row, address) == 4);
}

void run_is_ipv6(const struct node *node, struct row *row, struct value *result)
{
	unsigned char address[16];

	*result = value_bool(argument_address(node, 0, row, address) == 6);
}

struct network {
	uint32_t address;
	unsigned bits;
};

static bool is_in(uint32_t address, const struct network *networks, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if ((address ^ networks[i].address) >> (32 - networks[i].bits) == 0)
			return true;
	return false;
}

/* RFC 1918, loopback and link-local; of IPv6 unique local (RFC 4193), link-local and loopback. */
static bool is_private(int kind, const unsigned char address[16])
{
	static const struct network networks[] = {
		{ 0x0a000000, 8 }, { 0xac100000, 12 }, { 0xc0a80000, 16 }, { 0x7f000000, 8 }, { 0xa9fe0000, 16 }
	};
	static const unsigned char loopback[16] = { [15] = 1 };

	if (kind == 4)
		return is_in(number_of(address), networks, sizeof(networks) / sizeof(*networks));
	return (address[0] & 0xfe) == 0xfc || (address[0] == 0xfe && (address[1] & 0xc0) == 0x80) ||
	       memcmp(address, loopback, 16) == 0;
}

/* What the registry of special-purpose addresses (RFC 6890) keeps from the Internet beside private ones. */
static bool is_reserved(int kind, const unsigned char address[16])
{
	static const struct network networks[] = {
		{ 0x00000000, 8 },  { 0x64400000, 10 }, { 0xc0000000, 24 }, { 0xc0000200, 24 },
		{ 0xc6120000, 15 }, { 0xc6336400, 24 }, { 0xcb007100, 24 }, { 0xe0000000, 3 },
	};
	static const unsigned char any[16];

	if (kind == 4)
		return is_in(number_of(address), networks, sizeof(networks) / sizeof(*networks));
	return address[0] == 0xff || memcmp(address, any, 16) == 0 ||
	       (address[0] == 0x20 && address[1] == 0x01 && address[2] == 0x0d && address[3] == 0xb8);
}

void run_is_private(const struct node *node, struct row *row, struct value *result)
{
	unsigned char address[16];
	int kind = argument_address(node, 0, row, address);

	*result = value_bool(kind && is_private(kind, address));
}

void run_is_reserved(const struct node *node, struct row *row, struct value *result)
{
	unsigned char address[16];
	int kind = argument_address(node, 0, row, address);

	*result = value_bool(kind && is_reserved(kind, address));
}

void run_is_public(const struct node *node, struct row *row, struct value *result)
{
	unsigned char address[16];
	int kind = argument_address(node, 0, row, address);

	*result = value_bool(kind && !is_private(kind, address) && !is_reserved(kind, address));
}

void run_ipv4_to_number(const struct node *node, struct row *row, struct value *result)
{
	unsigned char address[16];

	*result = argument_address(node, 0, row, address) == 4 ? value_number(number_of(address)) : VALUE_OF_NULL;
}

/* ---- prefixes ---- */

static bool argument_bits(const struct node *node, size_t i, struct row *row, unsigned *bits)
{
	double number;

	if (!argument_number(node, i, row, &number) || !(number >= 0 && number <= 32))
		return false;
	*bits = (unsigned)number;
	return true;
}

static uint32_t mask_of(unsigned bits)
{
	return bits ? UINT32_MAX << (32 - bits) : 0;
}

static void set_address(struct row *row, struct value *result, uint32_t number)
{
	struct in_addr address = { htonl(number) };
	char text[INET_ADDRSTRLEN];

	if (!inet_ntop(AF_INET, &address, text, sizeof(text)))
		return;
	char *room = result_room(row, strlen(text), result);
	if (room)
		memcpy(room, text, strlen(text));
}

/* compareCIDRPrefix(a, b, bits): whether both lie in the same network. */
void run_compare_prefix(const struct node *node, struct row *row, struct value *result)
{
	unsigned char a[16], b[16];
	unsigned bits;
	bool known = argument_address(node, 0, row, a) == 4 && argument_address(node, 1, row, b) == 4 &&
		     argument_bits(node, 2, row, &bits);

	*result = value_bool(known && ((number_of(a) ^ number_of(b)) & mask_of(bits)) == 0);
}

/* getCIDRPrefix(a, bits): the network's address. */
void run_cidr_prefix(const struct node *node, struct row *row, struct value *result)
{
	unsigned char address[16];
	unsigned bits;

	*result = VALUE_OF_NULL;
	if (argument_address(node, 0, row, address) == 4 && argument_bits(node, 1, row, &bits))
		set_address(row, result, number_of(address) & mask_of(bits));
}

void run_mask_from_cidr(const struct node *node, struct row *row, struct value *result)
{
	unsigned bits;

	*result = VALUE_OF_NULL;
	if (argument_bits(node, 0, row, &bits))
		set_address(row, result, mask_of(bits));
}
