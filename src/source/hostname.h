/*
 * hostname: the host that a collection is of, from its files and its name.
 */
#ifndef SOURCE_HOSTNAME_H
#define SOURCE_HOSTNAME_H

#include "base/span.h"

/* Each borrows from its argument; empty when it tells no name that a host can have. */

/* The content of /etc/hostname, or of the output of hostname. */
struct span hostname_of_text(struct span text);

/* A JSON object with a Hostname: Velociraptor's client_info.json. */
struct span hostname_of_json(struct span text);

/*
 * A file or directory: uac-HOST-linux-20240102030405.tar.gz,
 * sosreport-HOST-2024-01-02-abcdefg.tar.xz, Collection-HOST-2024-01-02T03_04_05Z.zip.
 */
struct span hostname_of_label(struct span path);

#endif
