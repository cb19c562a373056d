// SPDX-License-Identifier: Apache-2.0
//
// RE2 behind plain C. Patterns are UTF-8, offsets are bytes, every call is safe to make from
// several threads at once on the same pattern.

#ifndef MUTABIK_CRE2_H
#define MUTABIK_CRE2_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cre2_pattern cre2_pattern;

/// Compiles `text`. NULL only when memory is short; ask `cre2_error` whether it went well.
cre2_pattern *cre2_new(const char *text, size_t length, int64_t memory_bytes_max);
void cre2_free(cre2_pattern *pattern);

/// What is wrong with the pattern, or NULL. `fragment` gets the part that RE2 complains about.
const char *cre2_error(
    const cre2_pattern *pattern, const char **fragment, size_t *fragment_length);

/// How many instructions the compiled pattern has; the work per byte of text grows with it.
int cre2_program_size(const cre2_pattern *pattern);

int cre2_group_count(const cre2_pattern *pattern);
/// The name of group `index` (1 is the first), or NULL when it has none.
const char *cre2_group_name(const cre2_pattern *pattern, int index);

/// Searches `text` between `start` and `end`; what stands around it counts for ^ and $. Fills `count` pairs of offsets (group 0 is the whole match; -1 for
/// a group that took no part) and answers 1, or 0 when there is no match.
int cre2_find(
    const cre2_pattern *pattern, const char *text, size_t length, size_t start, size_t end,
    ptrdiff_t *offsets, int count);

/// Whether the bytes `part` stand anywhere in `text`, without any pattern.
int cre2_contains(const char *text, size_t length, const char *part, size_t part_length);

#ifdef __cplusplus
}
#endif

#endif
