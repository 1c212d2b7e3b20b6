/* What the three tests do beside variants. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "drill/stage.h"
#include "drill/variant.h"

/* A decoy of its own dies: what dumping by force may do to a process. */
int way_crash(struct stage *stage)
{
	struct decoy decoy;
	struct err err = { 0 };

	if (decoy_start(&decoy, stage->place, stage->program, stage->variant->detail, geteuid(), &err) < 0)
		return stage_fail(stage, "a decoy", err.number ? err.number : -ECHILD);
	stage->notes->target = decoy.pid;
	stage_announce(stage, decoy.pid);
	stage_moment(stage);
	decoy_crash(&decoy);
	int result = decoy_lives(&decoy) ? -STAGE_UNPROVEN : 0;
	decoy_stop(&decoy);
	return result;
}

/* To ourselves: the loopback interface and no other. */
int way_connect(struct stage *stage)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int caller = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int result = 0;

	if (bind(listener, (struct sockaddr *)&address, len) < 0 || listen(listener, 1) < 0 ||
	    getsockname(listener, (struct sockaddr *)&address, &len) < 0)
		result = stage_fail(stage, "a socket on the loopback interface", -errno);
	stage_moment(stage);
	if (result == 0 && connect(caller, (struct sockaddr *)&address, len) < 0)
		result = stage_fail(stage, "connect", -errno);
	close(caller);
	close(listener);
	return result;
}
