/* handing: descriptors that go from one process to another over a socket (SCM_RIGHTS). */
#ifndef DRILL_HANDING_H
#define DRILL_HANDING_H

int handing_send(int socket, int fd); /* 0 or a negative errno */
int handing_receive(int socket);      /* a descriptor or a negative errno */

#endif
