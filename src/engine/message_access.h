/*
 * message_access: an access in the words of a Cloud SIEM record.
 *
 *   timestamp="1795430934106" device_hostname="web-01" user_userId="60011" baseImage="/usr/bin/python3.11"
 *   commandLine="python3 dump.py 28501" pid="29454" … file_path="/proc/28501/mem" action="open" … risk="HighRisk"
 *
 * proctor-query(1) has all names. Each is there in every message, in this
 * order, with nothing between the quotes where it is not known; only
 * threat_name is left out then. A backslash stands before quotes and
 * backslashes; newlines and other control bytes are \n, \r, \t, \xNN.
 */
#ifndef ENGINE_MESSAGE_ACCESS_H
#define ENGINE_MESSAGE_ACCESS_H

#include "base/buffer.h"
#include "model/finding.h"

void message_access_write(struct buffer *to, const struct finding *finding);

#endif
