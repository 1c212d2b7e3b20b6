#include "resolve/path.h"

#define JUMPS_MAX 8 /* links that lead to links: more than the kernel's own tools ever need */

bool parse_pid(struct span text, uint64_t *pid)
{
	uint64_t value;

	if (!text.len || text.data[0] <= '0' || text.data[0] > '9' || span_decimal(text, &value) != text.len ||
	    value > INT32_MAX)
		return false;
	*pid = value;
	return true;
}

/* How far the first '/' is, or the end: components are short, so this costs less than memchr. */
static inline size_t component_len(struct span path)
{
	size_t len = 0;

	while (len < path.len && path.data[len] != '/')
		len++;
	return len;
}

/* Takes the first component off *rest, which begins with '/' or is empty. */
static inline struct span take_component(struct span *rest)
{
	struct span tail = span_skip(*rest, 1);
	size_t len = component_len(tail);

	*rest = span_skip(tail, len);
	return span_first(tail, len);
}

static bool read_owner(struct span component, struct place *place)
{
	place->self = span_equal(component, SPAN("self")) || span_equal(component, SPAN("thread-self"));
	return place->self || parse_pid(component, &place->pid);
}

/* Links below /proc/<pid> that lead out of it. `rest` is what stands behind `component`; skips the number of fd/N. */
static bool is_link_out(struct span component, struct span *rest)
{
	bool numbered = span_equal(component, SPAN("fd")) || span_equal(component, SPAN("ns"));

	if (numbered && rest->len)
		take_component(rest);
	else if (numbered)
		return false;
	return numbered || span_equal(component, SPAN("cwd")) || span_equal(component, SPAN("root")) ||
	       span_equal(component, SPAN("exe"));
}

/* `rest` is what stands behind /proc/<pid>: "", "/mem", "/task/13/maps", … */
static void read_below_pid(struct span rest, struct place *place)
{
	place->kind = PLACE_PID_DIR;
	struct span component = take_component(&rest);
	if (span_equal(component, SPAN("task")) && rest.len) {
		struct span thread = take_component(&rest);
		if (!parse_pid(thread, &place->tid))
			return;
		place->kind = PLACE_TASK_DIR;
		component = take_component(&rest);
	}
	if (is_link_out(component, &rest)) {
		place->kind = PLACE_LINK;
		return;
	}
	enum entry entry = entry_from_name(component);
	if (entry == ENTRY_NONE || entry_tier(entry) == ENTRY_TIER_SYSTEM)
		return;
	if (rest.len && entry != ENTRY_MAP_FILES)
		return;
	place->kind = PLACE_ENTRY;
	place->entry = entry;
}

struct place place_of(struct span text)
{
	struct place place = { .kind = PLACE_ELSEWHERE, .pid = UNKNOWN_ID, .tid = UNKNOWN_ID };
	struct span rest = text;

	if (span_equal(text, SPAN("/dev/mem"))) {
		place.kind = PLACE_ENTRY;
		place.entry = ENTRY_DEVMEM;
		return place;
	}
	if (!span_equal(take_component(&rest), SPAN("proc")))
		return place;
	place.kind = PLACE_PROC_ROOT;
	if (!rest.len)
		return place;
	struct span component = take_component(&rest);
	if (read_owner(component, &place)) {
		read_below_pid(rest, &place);
	} else if (span_equal(component, SPAN("kcore")) && !rest.len) {
		place.kind = PLACE_ENTRY;
		place.entry = ENTRY_KCORE;
	} else {
		place.kind = PLACE_ELSEWHERE;
	}
	return place;
}

/* What stands behind a link out of /proc/<pid>, or behind /dev/fd/N; all of `text` when it leads through neither. */
static struct span beyond_link(struct span text)
{
	struct place owner = { .pid = UNKNOWN_ID };
	struct span rest = text;

	if (!text.len)
		return text;
	struct span first = take_component(&rest);
	struct span second = take_component(&rest);

	if (span_equal(first, SPAN("dev")) && span_equal(second, SPAN("fd"))) {
		take_component(&rest);
		return rest;
	}
	if (!span_equal(first, SPAN("proc")) || !read_owner(second, &owner))
		return text;
	struct span component = take_component(&rest);
	if (span_equal(component, SPAN("task")) && rest.len) {
		take_component(&rest);
		component = take_component(&rest);
	}
	return is_link_out(component, &rest) ? rest : text;
}

bool place_of_suffix(struct span text, struct place *place)
{
	size_t len;

	for (struct span rest = beyond_link(text); rest.len; rest = span_skip(rest, len + 1)) {
		len = span_index(rest, '/');
		*place = (struct place){ .pid = UNKNOWN_ID, .tid = UNKNOWN_ID };
		if (!parse_pid(span_first(rest, len), &place->pid))
			continue;
		read_below_pid(span_skip(rest, len), place);
		if (place->kind == PLACE_ENTRY)
			return true;
	}
	return false;
}

void path_start(struct path_walk *walk, struct span root)
{
	walk->len = 0;
	walk->floor = 0;
	walk->used_fd = walk->used_cwd = walk->foreign_root = walk->too_long = false;
	walk->jumps = 0;
	if (root.len >= PATH_TEXT_MAX / 2)
		return;
	memcpy(walk->text, root.data ? root.data : "", root.len);
	walk->len = walk->floor = root.len == 1 ? 0 : root.len;
}

static void pop(struct path_walk *walk)
{
	while (walk->len > walk->floor && walk->text[--walk->len] != '/')
		;
}

static void push(struct path_walk *walk, struct span component)
{
	if (walk->len + component.len + 1 > PATH_TEXT_MAX) {
		walk->too_long = true;
		return;
	}
	walk->text[walk->len++] = '/';
	memcpy(walk->text + walk->len, component.data, component.len);
	walk->len += component.len;
}

/* Replaces what has been walked by an absolute path. The copy is needed: path may point into walk->text. */
static void jump(struct path_walk *walk, struct span path)
{
	char copy[PATH_TEXT_MAX];
	size_t len = path.len < sizeof(copy) ? path.len : 0;

	memcpy(copy, path.data, len);
	walk->len = walk->floor;
	path_add(walk, (struct span){ copy, len });
}

static void follow_fd(struct path_walk *walk, struct span number)
{
	uint64_t fd;
	struct span target = { 0 };

	if (walk->descriptor && number.len && span_decimal(number, &fd) == number.len)
		target = walk->descriptor(walk->context, fd);
	if (!target.data)
		return;
	walk->used_fd = true;
	if (target.len < PATH_TEXT_MAX) { /* already from the host's root */
		walk->floor = 0;
		memcpy(walk->text, target.data, target.len);
		walk->len = target.len == 1 ? 0 : target.len;
	}
}

/* After a component was added: is the whole now a link below /proc/<pid> that the log lets us follow? */
static void follow_link(struct path_walk *walk)
{
	struct span rest = { walk->text + walk->floor, walk->len - walk->floor };
	struct place owner = { .pid = UNKNOWN_ID };

	if (walk->jumps > JUMPS_MAX)
		return;
	if (span_starts(rest, SPAN("/dev/fd/"))) {
		walk->jumps++;
		follow_fd(walk, span_skip(rest, 8));
		return;
	}
	if (!span_starts(rest, SPAN("/proc/")))
		return;
	take_component(&rest);
	if (!read_owner(take_component(&rest), &owner))
		return;
	bool own = owner.self || owner.pid == walk->pid;
	struct span link = take_component(&rest);
	if (!link.len)
		return;
	if (span_equal(link, SPAN("task"))) {
		take_component(&rest);
		link = take_component(&rest);
	}
	if (span_equal(link, SPAN("root")) && !rest.len) {
		walk->jumps++;
		walk->foreign_root |= !own;
		walk->floor = own ? walk->floor : 0;
		walk->len = walk->floor;
	} else if (span_equal(link, SPAN("cwd")) && !rest.len && own && walk->cwd.len) {
		walk->jumps++;
		walk->used_cwd = true;
		jump(walk, walk->cwd);
	} else if (span_equal(link, SPAN("fd")) && rest.len && own) {
		walk->jumps++;
		follow_fd(walk, take_component(&rest));
	}
}

void path_add(struct path_walk *walk, struct span path)
{
	if (path.len && path.data[0] == '/')
		walk->len = walk->floor;
	while (path.len && !walk->too_long) {
		size_t len = component_len(path);
		struct span component = span_first(path, len);
		path = span_skip(path, len + 1);
		if (!len || span_equal(component, SPAN(".")))
			continue;
		if (span_equal(component, SPAN(".."))) {
			pop(walk);
			continue;
		}
		push(walk, component);
		follow_link(walk);
	}
}
