#include "rule/sigma/mapping.h"

#include "rule/sigma/suggest.h"

static const struct {
	const char *product, *category, *service;
} sources[] = {
#define SOURCE(id, product, category, service, what) { product, category, service },
#include "rule/sigma/sources.def"
#undef SOURCE
};

static const struct {
	const char *name, *programs;
} services[] = {
#define SERVICE(id, service, programs, what) { service, programs },
#include "rule/sigma/sources.def"
#undef SERVICE
};

static const struct {
	enum sigma_source source;
	const char *name, *what;
} fields[] = {
#define FIELD(source, id, name, what) { SIGMA_SOURCE_##source, name, what },
#include "rule/sigma/fields.def"
#undef FIELD
};

/* ---- sources ---- */

static bool asks_for(struct span asked, const char *name)
{
	return asked.len == 0 || (name && span_equal(asked, span_of(name)));
}

static enum sigma_service service_of(struct span name)
{
	for (unsigned i = 0; i < SIGMA_SERVICE_COUNT; i++)
		if (span_equal(name, span_of(services[i].name)))
			return (enum sigma_service)i;
	return SIGMA_SERVICE_COUNT;
}

enum sigma_source sigma_source_of(struct span product, struct span category, struct span service, uint32_t *bits)
{
	enum sigma_service of_lines = service_of(service);

	*bits = 0;
	if (category.len == 0 && service.len == 0)
		return span_equal(product, SPAN("linux")) ? SIGMA_SOURCE_LINE : SIGMA_SOURCE_COUNT;
	for (unsigned i = 0; i < SIGMA_SOURCE_COUNT; i++)
		if (asks_for(product, sources[i].product) && asks_for(category, sources[i].category) &&
		    asks_for(service, sources[i].service))
			return (enum sigma_source)i;
	if (of_lines == SIGMA_SERVICE_COUNT || category.len || !asks_for(product, sources[SIGMA_SOURCE_LINE].product))
		return SIGMA_SOURCE_COUNT;
	*bits = 1u << of_lines;
	return SIGMA_SOURCE_LINE;
}

static bool is_program(struct span pattern, struct span program)
{
	if (!span_ends(pattern, SPAN("*")))
		return span_equal(pattern, program);
	if (pattern.len == 1)
		return true;
	return program.len && span_starts(program, span_first(pattern, pattern.len - 1));
}

uint32_t sigma_services_of(struct span program)
{
	uint32_t bits = 0;

	for (unsigned i = 0; i < SIGMA_SERVICE_COUNT; i++) {
		for (struct span rest = span_of(services[i].programs); rest.len;) {
			struct span pattern = span_first(rest, span_index(rest, ' '));
			if (is_program(pattern, program))
				bits |= 1u << i;
			rest = span_skip(rest, pattern.len + 1);
		}
	}
	return bits;
}

const char *sigma_source_name(enum sigma_source source)
{
	if (source >= SIGMA_SOURCE_COUNT)
		return "none";
	if (sources[source].category)
		return sources[source].category;
	return sources[source].service ? sources[source].service : "line";
}

bool sigma_source_is_open(enum sigma_source source)
{
	return source == SIGMA_SOURCE_AUDITD;
}

/* ---- fields ---- */

uint32_t sigma_field_of(enum sigma_source source, struct span name)
{
	for (uint32_t i = 0; i < SIGMA_FIELD_TABLE; i++)
		if (fields[i].source == source && span_equal(name, span_of(fields[i].name)))
			return i;
	return SIGMA_FIELD_NONE;
}

const char *sigma_field_name(enum sigma_field field)
{
	return fields[field].name;
}

enum sigma_source sigma_field_source(enum sigma_field field)
{
	return fields[field].source;
}

const char *sigma_field_what(enum sigma_field field)
{
	return fields[field].what;
}

const char *sigma_field_suggest(enum sigma_source source, struct span name)
{
	const char *names[SIGMA_FIELD_TABLE];
	size_t count = 0;

	for (uint32_t i = 0; i < SIGMA_FIELD_TABLE; i++)
		if (fields[i].source == source)
			names[count++] = fields[i].name;
	return sigma_suggest(name, names, count);
}
