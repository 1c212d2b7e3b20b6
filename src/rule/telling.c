#include "rule/telling.h"

static void leave(struct telling *telling, struct told *told)
{
	if (!told->waits)
		return;
	told->waits = false;
	*(told->before ? &told->before->after : &telling->first) = told->after;
	*(told->after ? &told->after->before : &telling->last) = told->before;
}

static void wait(struct telling *telling, struct told *told)
{
	if (told->waits)
		return;
	told->waits = true;
	told->after = NULL;
	told->before = telling->last;
	*(telling->last ? &telling->last->after : &telling->first) = told;
	telling->last = told;
}

static void tell(struct telling *telling, struct told *told, const struct finding *finding)
{
	struct finding shown = *finding;

	leave(telling, told);
	shown.update = told->once;
	told->once = true;
	told->when_ms = telling->now_ms;
	told->risk = finding->risk;
	told->score = finding->score;
	if (telling->emit)
		telling->emit(telling->context, &shown);
}

static bool is_graver(const struct told *told, const struct finding *finding)
{
	return finding->risk > told->risk || (finding->risk == told->risk && finding->score > told->score);
}

void telling_grown(struct telling *telling, struct told *told, const struct finding *finding)
{
	told->finding = finding;
	if (!telling->update_ms)
		return;
	if (!told->once || is_graver(told, finding))
		tell(telling, told, finding);
	else
		wait(telling, told);
}

void telling_close(struct telling *telling, struct told *told, const struct finding *finding)
{
	if (!telling->update_ms || told->waits)
		tell(telling, told, finding);
}

void telling_tick(struct telling *telling, int64_t now_ms)
{
	struct told *next;

	telling->now_ms = now_ms;
	for (struct told *told = telling->first; told; told = next) {
		next = told->after;
		if (now_ms - told->when_ms >= telling->update_ms)
			tell(telling, told, told->finding);
	}
}
