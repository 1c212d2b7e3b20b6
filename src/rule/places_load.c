/* What is read of the places that rules come from. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rule/lists.h"
#include "rule/places.h"
#include "rule/sigma/files.h"

/* ---- rules of one place ---- */

static int is_entry(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && strcmp(entry->d_name, "lists") != 0;
}

static bool is_rule(const char *name)
{
	return span_ends(span_of(name), SPAN(".yml")) || span_ends(span_of(name), SPAN(".yaml"));
}

/* Folders that are links are not followed: so there are no circles. */
static void add_entry(struct sigma_rules *rules, const char *directory, const char *name)
{
	struct stat status;
	char *path;

	if (asprintf(&path, "%s/%s", directory, name) < 0) {
		sigma_file_report(&rules->diagnostics, directory, "cannot read it", ENOMEM);
		return;
	}
	bool is_directory = lstat(path, &status) == 0 && S_ISDIR(status.st_mode);
	bool leads_to_one = !is_directory && stat(path, &status) == 0 && S_ISDIR(status.st_mode);
	if (is_directory || (is_rule(name) && !leads_to_one))
		sigma_rules_add_path(rules, path);
	free(path);
}

static void add_directory(struct sigma_rules *rules, const char *path)
{
	struct dirent **entries;
	int count = scandir(path, &entries, is_entry, alphasort);

	if (count < 0) {
		sigma_file_report(&rules->diagnostics, path, "cannot read the directory", errno);
		return;
	}
	for (int i = 0; i < count; i++) {
		if (rules->files < SIGMA_FILES_MAX)
			add_entry(rules, path, entries[i]->d_name);
		else if (i + 1 == count)
			sigma_file_report(&rules->diagnostics, path, "too many rule files; the rest is left out",
					  E2BIG);
		free(entries[i]);
	}
	free(entries);
}

/* ---- who may write there ---- */

static bool is_trusted(const struct rule_place *place, struct sigma_rules *rules)
{
	struct stat status;

	if (place->kind == RULE_PLACE_PACK || place->kind == RULE_PLACE_NAMED || stat(place->path, &status) < 0)
		return true;
	bool owned = status.st_uid == 0 || status.st_uid == geteuid();
	if (owned && !(status.st_mode & S_IWOTH))
		return true;
	struct span copy = arena_copy(&rules->diagnostics.arena, (struct span){ place->path, strlen(place->path) + 1 });
	if (copy.len)
		sigma_warning(&rules->diagnostics, (struct sigma_place){ .file = copy.data },
			      "its rules are left out: %s; name the folder with --rules if it is to be used",
			      owned ? "everybody may write there"
				    : "it belongs neither to root nor to who runs proctor");
	return false;
}

static void add_lists(struct rule_lists *lists, const struct rule_place *place, struct sigma_rules *rules)
{
	char *path;

	if (place->is_file)
		return;
	if (asprintf(&path, "%s/lists", place->path) < 0) {
		sigma_file_report(&rules->diagnostics, place->path, "cannot read its lists", ENOMEM);
		return;
	}
	rule_lists_add_directory(lists, path, rules);
	free(path);
}

/* ---- the later place wins ---- */

struct claim {
	struct span id;
	size_t rule, place;
};

static int compare_claims(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;
	size_t len = x->id.len < y->id.len ? x->id.len : y->id.len;
	int order = len ? memcmp(x->id.data, y->id.data, len) : 0;

	if (order == 0)
		order = (x->id.len > y->id.len) - (x->id.len < y->id.len);
	if (order == 0)
		order = (x->place > y->place) - (x->place < y->place);
	return order ? order : (x->rule > y->rule) - (x->rule < y->rule);
}

/* `ends[p]`: how many rules there were when place p was read. */
static size_t collect_claims(struct claim *claims, const struct sigma_rules *rules, const size_t *ends)
{
	size_t count = 0;

	for (size_t i = 0, place = 0; i < rules->count; i++) {
		while (i >= ends[place])
			place++;
		if (rules->items[i].id.len)
			claims[count++] = (struct claim){ rules->items[i].id, i, place };
	}
	qsort(claims, count, sizeof(*claims), compare_claims);
	return count;
}

static void note_replaced(struct sigma_rules *rules, const struct sigma_rule *winner, const struct sigma_rule *loser)
{
	sigma_warning(&rules->diagnostics, winner->place, "it takes the place of the rule of the same id in %s:%u",
		      loser->place.file, loser->place.line);
}

/* Claims of one id; the last ones are of the latest place, and stay. */
static void settle_claims(struct sigma_rules *rules, const struct claim *claims, size_t count, bool *gone)
{
	size_t first = count - 1;

	while (first > 0 && claims[first - 1].place == claims[count - 1].place)
		first--;
	for (size_t i = 0; i < first; i++) {
		gone[claims[i].rule] = true;
		note_replaced(rules, &rules->items[claims[first].rule], &rules->items[claims[i].rule]);
	}
}

static void drop(struct sigma_rules *rules, const bool *gone)
{
	size_t kept = 0;

	for (size_t i = 0; i < rules->count; i++)
		if (!gone[i])
			rules->items[kept++] = rules->items[i];
	rules->count = kept;
}

/* Before rules are linked, nothing knows them by their number. */
static int drop_replaced(struct sigma_rules *rules, const size_t *ends)
{
	struct claim *claims = calloc(rules->count + 1, sizeof(*claims));
	bool *gone = calloc(rules->count + 1, sizeof(*gone));
	size_t count = claims && gone ? collect_claims(claims, rules, ends) : 0;

	for (size_t from = 0, to; from < count; from = to) {
		for (to = from + 1; to < count && span_equal(claims[from].id, claims[to].id);)
			to++;
		settle_claims(rules, claims + from, to - from, gone);
	}
	if (claims && gone)
		drop(rules, gone);
	int status = claims && gone ? 0 : -ENOMEM;
	free(claims);
	free(gone);
	return status;
}

/* ---- all of it ---- */

static int load_all(const struct rule_places *places, struct sigma_rules *rules)
{
	struct rule_lists lists = { 0 };
	size_t ends[RULE_PLACES_MAX + 1];
	bool trusted[RULE_PLACES_MAX];

	for (size_t i = 0; i < places->count; i++) {
		trusted[i] = is_trusted(&places->items[i], rules);
		if (trusted[i])
			add_lists(&lists, &places->items[i], rules);
	}
	int status = rule_lists_give(&lists, rules);
	rule_lists_finish(&lists);
	for (size_t i = 0; i < places->count && status == 0; i++) {
		const struct rule_place *place = &places->items[i];
		if (trusted[i] && place->is_file)
			sigma_rules_add_path(rules, place->path);
		else if (trusted[i])
			add_directory(rules, place->path);
		ends[i] = rules->count;
	}
	if (status == 0 && places->count > 1)
		status = drop_replaced(rules, ends);
	return status;
}

struct sigma_rules *rule_places_load(const struct rule_places *places, struct err *err)
{
	struct sigma_rules *rules = sigma_rules_create(NULL, 0);

	if (!rules || load_all(places, rules) < 0) {
		sigma_rules_destroy(rules);
		err_set(err, -ENOMEM, "memory is out while rules are read");
		return NULL;
	}
	sigma_rules_link(rules);
	return rules;
}
