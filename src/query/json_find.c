/*
 * A place (path, step) says that the step of the path is what the members of
 * the container at hand are asked for; step == count says that the value at
 * hand is what the path leads to. The value's places make those of its
 * members, level by level:
 *
 *   places   │ level 0 │ level 1 │ …            each at most per_level long
 *
 * A value that no path leads to or through is skipped unread.
 */
#include "query/json_find.h"

struct json_place {
	uint32_t path, step;
};

struct walk {
	struct json_finder *finder;
	struct json_scan scan;
	struct row *row;
};

struct level {
	struct json_place *places;
	size_t count;
};

bool json_finder_init(struct json_finder *finder, struct json_path *paths, size_t count, struct arena *arena)
{
	*finder = (struct json_finder){ .paths = paths, .count = count };
	for (size_t i = 0; i < count; i++)
		finder->per_level += paths[i].count + 1;
	finder->places = arena_alloc(arena, (JSON_DEPTH_MAX + 2) * finder->per_level * sizeof(*finder->places));
	finder->found = arena_alloc(arena, count * sizeof(*finder->found));
	if (!finder->places || !finder->found)
		return false;
	memset(finder->found, 0, count * sizeof(*finder->found));
	return true;
}

void json_finder_finish(struct json_finder *finder)
{
	for (size_t i = 0; finder->found && i < finder->count; i++)
		buffer_finish(&finder->found[i].list);
}

/* ---- what is found ---- */

static void add_to_list(struct walk *walk, struct json_found *found, struct span written)
{
	if (found->list.len + written.len > TEXT_MAX)
		walk->row->trouble = "a list out of JSON grows beyond 16 MiB";
	if (walk->row->trouble)
		return;
	if (found->list.len)
		buffer_add_byte(&found->list, ',');
	buffer_add(&found->list, json_compact(written, walk->row));
	found->found = true;
}

static void take_value(struct walk *walk, size_t path, const struct json_token *token)
{
	struct json_found *found = &walk->finder->found[path];

	if (walk->finder->paths[path].many) {
		add_to_list(walk, found, json_written(token));
		return;
	}
	found->value = json_value(token, walk->row);
	found->found = true;
}

static int64_t count_members(const struct json_scan *at)
{
	struct json_scan scan = *at;
	struct json_token token;
	int64_t count = 0;

	for (; json_next(&scan, &token); count++)
		if (token.kind == JSON_OBJECT || token.kind == JSON_ARRAY)
			json_skip(&scan, &token);
	return count;
}

static void take_length(struct walk *walk, size_t path)
{
	struct value count = value_number((double)count_members(&walk->scan));
	struct json_token token = { .kind = JSON_NUMBER, .text = row_text(walk->row, &count) };

	take_value(walk, path, &token);
}

/* ---- places ---- */

static const struct json_step *step_of(const struct walk *walk, const struct json_place *place)
{
	const struct json_path *path = &walk->finder->paths[place->path];

	return place->step < path->count ? &path->steps[place->step] : NULL;
}

static void add_place(struct level *level, uint32_t path, uint32_t step)
{
	/* A path is in two places at once only where it descends. */
	for (size_t i = level->count; i-- && level->places[i].path == path;)
		if (level->places[i].step == step)
			return;
	level->places[level->count++] = (struct json_place){ path, step };
}

static bool takes(const struct json_step *step, const struct json_token *member, struct span key, int64_t index,
		  int64_t length)
{
	return member->key.data ? json_step_takes_key(step, key) : json_step_takes_index(step, index, length);
}

/* The places of one member. */
static void enter_member(struct walk *walk, const struct level *level, const struct json_token *member, int64_t index,
			 int64_t length, struct level *below)
{
	struct span key = member->key;

	if (key.data && memchr(key.data, '\\', key.len))
		key = json_text(&(struct json_token){ .kind = JSON_STRING, .escaped = true, .text = key },
				&walk->row->arena);
	below->count = 0;
	for (size_t i = 0; i < level->count; i++) {
		const struct json_place *place = &level->places[i];
		const struct json_step *step = step_of(walk, place);
		if (!step)
			continue;
		if (takes(step, member, key, index, length))
			add_place(below, place->path, place->step + 1);
		if (step->descend)
			add_place(below, place->path, place->step);
	}
}

/* ---- the walk ---- */

static void visit(struct walk *walk, struct json_token *token, const struct level *level);

/* Whether places lead on into the container, and what they ask of it as a whole. */
static bool prepare_members(struct walk *walk, const struct json_token *token, const struct level *level,
			    int64_t *length)
{
	bool deeper = false, needs_length = false;

	for (size_t i = 0; i < level->count; i++) {
		const struct json_step *step = step_of(walk, &level->places[i]);
		if (!step)
			continue;
		if (step->kind == STEP_LENGTH && !step->descend)
			take_length(walk, level->places[i].path);
		if (step->kind == STEP_ANY && !step->descend)
			walk->finder->found[level->places[i].path].found = true;
		deeper = true;
		needs_length |= token->kind == JSON_ARRAY && json_step_needs_length(step);
	}
	*length = needs_length ? count_members(&walk->scan) : 0;
	return deeper;
}

static void visit_members(struct walk *walk, const struct level *level, int64_t length)
{
	struct level below = { .places = level->places + level->count };
	struct json_token member;

	for (int64_t index = 0; json_next(&walk->scan, &member); index++) {
		enter_member(walk, level, &member, index, length, &below);
		if (below.count)
			visit(walk, &member, &below);
		else if (member.kind == JSON_OBJECT || member.kind == JSON_ARRAY)
			json_skip(&walk->scan, &member);
	}
}

static void visit(struct walk *walk, struct json_token *token, const struct level *level)
{
	int64_t length;

	if (token->kind == JSON_OBJECT || token->kind == JSON_ARRAY) {
		if (prepare_members(walk, token, level, &length)) {
			visit_members(walk, level, length);
			token->text.len = (size_t)(walk->scan.at - token->text.data);
		} else {
			json_skip(&walk->scan, token);
		}
	}
	for (size_t i = 0; i < level->count && !walk->scan.failed; i++)
		if (!step_of(walk, &level->places[i]))
			take_value(walk, level->places[i].path, token);
}

static void start(struct json_finder *finder, struct level *level)
{
	for (size_t i = 0; i < finder->count; i++) {
		finder->found[i].found = false;
		buffer_reset(&finder->found[i].list);
		add_place(level, (uint32_t)i, 0);
	}
}

/* Lists get their brackets, and their text. */
static void close_lists(struct json_finder *finder, struct row *row)
{
	for (size_t i = 0; i < finder->count; i++) {
		struct json_found *found = &finder->found[i];
		if (!found->found || !finder->paths[i].many)
			continue;
		char *room = row_room(row, found->list.len + 2);
		if (!room || found->list.failed)
			return;
		room[0] = '[';
		if (found->list.len)
			memcpy(room + 1, found->list.data, found->list.len);
		room[found->list.len + 1] = ']';
		found->value = value_text((struct span){ room, found->list.len + 2 });
	}
}

bool json_find(struct json_finder *finder, struct span text, struct row *row)
{
	struct walk walk = { .finder = finder, .row = row };
	struct level level = { .places = finder->places };
	struct json_token root;

	start(finder, &level);
	json_start(&walk.scan, text);
	if (!json_next(&walk.scan, &root))
		return false;
	visit(&walk, &root, &level);
	if (!json_at_end(&walk.scan))
		return false;
	close_lists(finder, row);
	return true;
}
