/*
 * IP addresses. The reference drops rows in which what is asked about an
 * address is no IPv4 address, and so does isPrivateIP and its like here; the
 * functions that compute something give null.
 */
#include <arpa/inet.h>

#include "query/function_runs.h"

/* Four numbers from 0 to 255 with points between them. */
static bool read_ipv4(struct span text, uint32_t *address)
{
	*address = 0;
	for (unsigned i = 0; i < 4; i++) {
		uint64_t part;
		size_t len = span_decimal(text, &part);
		if (len == 0 || len > 3 || part > 255 || (len > 1 && text.data[0] == '0'))
			return false;
		*address = *address << 8 | (uint32_t)part;
		text = span_skip(text, len);
		if (i < 3 && (text.len == 0 || text.data[0] != '.'))
			return false;
		text = span_skip(text, i < 3);
	}
	return text.len == 0;
}

static bool is_ipv6(struct span text)
{
	char copy[INET6_ADDRSTRLEN];
	struct in6_addr address;

	if (text.len == 0 || text.len >= sizeof(copy) || memchr(text.data, '\0', text.len))
		return false;
	memcpy(copy, text.data, text.len);
	copy[text.len] = '\0';
	return inet_pton(AF_INET6, copy, &address) == 1;
}

void run_is_ipv4(const struct node *node, struct row *row, struct value *result)
{
	struct span text;
	uint32_t address;

	*result = value_bool(argument_text(node, 0, row, &text) && read_ipv4(text, &address));
}

void run_is_ipv6(const struct node *node, struct row *row, struct value *result)
{
	struct span text;

	*result = value_bool(argument_text(node, 0, row, &text) && is_ipv6(text));
}

void run_is_ip(const struct node *node, struct row *row, struct value *result)
{
	struct span text;
	uint32_t address;

	*result = value_bool(argument_text(node, 0, row, &text) && (read_ipv4(text, &address) || is_ipv6(text)));
}

/* ---- kinds of networks ---- */

/* RFC 5735, section 4. */
static const struct network {
	uint32_t address;
	unsigned bits;
	bool private;
} networks[] = {
	{ 0x00000000, 8, false }, { 0x0A000000, 8, true },   { 0x7F000000, 8, false },	{ 0xA9FE0000, 16, false },
	{ 0xAC100000, 12, true }, { 0xC0000000, 24, false }, { 0xC0000200, 24, false }, { 0xC0586300, 24, false },
	{ 0xC0A80000, 16, true }, { 0xC6120000, 15, false }, { 0xC6336400, 24, false }, { 0xCB007100, 24, false },
	{ 0xE0000000, 4, false }, { 0xF0000000, 4, false },
};

static uint32_t mask_of(unsigned bits)
{
	return bits ? UINT32_MAX << (32 - bits) : 0;
}

static const struct network *network_of(uint32_t address)
{
	for (size_t i = 0; i < sizeof(networks) / sizeof(*networks); i++)
		if ((address & mask_of(networks[i].bits)) == networks[i].address)
			return &networks[i];
	return NULL;
}

/* A null is no address, but no reason to drop a row either. */
static bool argument_address(const struct node *node, size_t i, struct row *row, uint32_t *address)
{
	struct span text;

	if (!argument_text(node, i, row, &text))
		return false;
	if (read_ipv4(text, address))
		return true;
	row->trouble = "isPrivateIP, isPublicIP and isReservedIP take IPv4 addresses: this value is none";
	return false;
}

void run_is_private(const struct node *node, struct row *row, struct value *result)
{
	uint32_t address;

	*result = VALUE_OF_NULL;
	if (!argument_address(node, 0, row, &address))
		return;
	const struct network *network = network_of(address);
	*result = value_bool(network && network->private);
}

/* Neither private nor reserved. */
void run_is_public(const struct node *node, struct row *row, struct value *result)
{
	uint32_t address;

	*result = VALUE_OF_NULL;
	if (argument_address(node, 0, row, &address))
		*result = value_bool(!network_of(address));
}

void run_is_reserved(const struct node *node, struct row *row, struct value *result)
{
	uint32_t address;

	*result = VALUE_OF_NULL;
	if (argument_address(node, 0, row, &address))
		*result = value_bool(network_of(address));
}

/* ---- prefixes ---- */

static bool argument_ipv4(const struct node *node, size_t i, struct row *row, uint32_t *address)
{
	struct span text;

	return argument_text(node, i, row, &text) && read_ipv4(text, address);
}

/* The mask of a prefix's length, 0 to 32. */
static bool argument_mask(const struct node *node, size_t i, struct row *row, uint32_t *mask)
{
	double bits;

	if (!argument_number(node, i, row, &bits) || bits < 0 || bits > 32 || bits != (double)(unsigned)bits)
		return false;
	*mask = mask_of((unsigned)bits);
	return true;
}

#define IPV4_ROOM (4 * 3 + NUMBER_ROOM)

static void write_ipv4(uint32_t address, struct row *row, struct value *result)
{
	char *room = result_room(row, IPV4_ROOM, result);
	size_t len = 0;

	for (unsigned i = 0; i < 4 && room; i++) {
		if (i > 0)
			room[len++] = '.';
		len += number_to_text(address >> (24 - 8 * i) & 0xFF, room + len);
	}
	result->text.len = len;
}

void run_cidr_prefix(const struct node *node, struct row *row, struct value *result)
{
	uint32_t address, mask;

	*result = VALUE_OF_NULL;
	if (argument_ipv4(node, 0, row, &address) && argument_mask(node, 1, row, &mask))
		write_ipv4(address & mask, row, result);
}

void run_compare_cidr(const struct node *node, struct row *row, struct value *result)
{
	uint32_t a, b, mask;

	*result = VALUE_OF_NULL;
	if (argument_ipv4(node, 0, row, &a) && argument_ipv4(node, 1, row, &b) && argument_mask(node, 2, row, &mask))
		*result = value_bool((a & mask) == (b & mask));
}

void run_cidr_mask(const struct node *node, struct row *row, struct value *result)
{
	uint32_t mask;

	*result = VALUE_OF_NULL;
	if (argument_mask(node, 0, row, &mask))
		write_ipv4(mask, row, result);
}

void run_ipv4_to_number(const struct node *node, struct row *row, struct value *result)
{
	uint32_t address;

	*result = argument_ipv4(node, 0, row, &address) ? value_number(address) : VALUE_OF_NULL;
}
