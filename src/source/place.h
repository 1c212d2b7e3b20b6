/*
 * place: what the path of a log tells of it, on the host that wrote it:
 * "/var/log/audit/audit.log.1", however a collection spells it.
 */
#ifndef SOURCE_PLACE_H
#define SOURCE_PLACE_H

#include "model/frame.h"

/*
 * The most that lines of such a file deserve: any user can have syslog write
 * what it likes, so those files get TRUST_DAEMON; the rest, stdin too
 * (an empty place), TRUST_KERNEL. Decoders lower it line by line.
 */
enum trust place_trust(struct span place);

/* Whether it is named as this host's own logs are: audit.log*, auth.log*, secure*, syslog*, messages*, kern.log*. */
bool place_is_host_log(struct span place);

/* As a note shows it: the end of a long name, so that the remedy still fits. Use as place_shown(name).text. */
struct place_shown {
	char text[132];
};
struct place_shown place_shown(const char *name);

#endif
