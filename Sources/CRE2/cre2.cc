// SPDX-License-Identifier: Apache-2.0

#include "include/cre2.h"

#include <re2/re2.h>

#include <cstring>
#include <new>

// Twice the number of fields a rule knows; a pattern with more groups has no use for them.
static const int groups_max = 32;

struct cre2_pattern {
    re2::RE2 re;
    cre2_pattern(re2::StringPiece text, const re2::RE2::Options &options) : re(text, options) {}
};

cre2_pattern *cre2_new(const char *text, size_t length, int64_t memory_bytes_max) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(memory_bytes_max);
    return new (std::nothrow) cre2_pattern(re2::StringPiece(text, length), options);
}

void cre2_free(cre2_pattern *pattern) { delete pattern; }

const char *cre2_error(
    const cre2_pattern *pattern, const char **fragment, size_t *fragment_length) {
    if (pattern->re.ok()) return nullptr;
    *fragment = pattern->re.error_arg().data();
    *fragment_length = pattern->re.error_arg().size();
    return pattern->re.error().c_str();
}

int cre2_program_size(const cre2_pattern *pattern) { return pattern->re.ProgramSize(); }

int cre2_group_count(const cre2_pattern *pattern) {
    return pattern->re.NumberOfCapturingGroups();
}

const char *cre2_group_name(const cre2_pattern *pattern, int index) {
    const auto &names = pattern->re.CapturingGroupNames();
    auto found = names.find(index);
    return found == names.end() ? nullptr : found->second.c_str();
}

int cre2_find(
    const cre2_pattern *pattern, const char *text, size_t length, size_t start, size_t end,
    ptrdiff_t *offsets, int count) {
    re2::StringPiece groups[groups_max];
    if (count < 0 || count > groups_max || start > end || end > length) return 0;
    re2::StringPiece whole(text, length);
    if (!pattern->re.Match(whole, start, end, re2::RE2::UNANCHORED, groups, count)) return 0;
    for (int i = 0; i < count; i++) {
        bool took_part = groups[i].data() != nullptr;
        offsets[2 * i] = took_part ? groups[i].data() - text : -1;
        offsets[2 * i + 1] =
            took_part ? offsets[2 * i] + static_cast<ptrdiff_t>(groups[i].size()) : -1;
    }
    return 1;
}

int cre2_contains(const char *text, size_t length, const char *part, size_t part_length) {
    if (part_length == 0) return 1;
    return length != 0 && memmem(text, length, part, part_length) != nullptr;
}
