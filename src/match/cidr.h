/* cidr: networks of IPv4 and IPv6 addresses. */
#ifndef MATCH_CIDR_H
#define MATCH_CIDR_H

#include "base/span.h"

struct cidr {
	uint8_t address[16]; /* the host bits are 0 */
	uint8_t bits;
	bool v6;
};

/* "10.0.0.0/8", "fe80::/10", or one address. 0; 1 when host bits were set, and dropped; -EINVAL: it is no network. */
int cidr_parse(struct cidr *cidr, struct span text);

/* False for what is no address. ::ffff:10.0.0.1 counts as 10.0.0.1; a zone (fe80::1%eth0) is no part of the address. */
bool cidr_match(const struct cidr *cidr, struct span address);

#endif
