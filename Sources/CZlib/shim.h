// SPDX-License-Identifier: Apache-2.0
#ifndef CZLIB_SHIM_H
#define CZLIB_SHIM_H

#include <malloc.h>
#include <zlib.h>

/// Begins to read gzip (RFC 1952), whose check sums zlib verifies. `inflateInit2` is a macro.
static inline int mutabik_zlib_begin(z_stream *stream) {
    return inflateInit2(stream, 16 + MAX_WBITS);
}

/// malloc.h is in no module of Swift's.
static inline void mutabik_map_blocks_from(int bytes) { mallopt(M_MMAP_THRESHOLD, bytes); }

#endif
