// SPDX-License-Identifier: Apache-2.0
// Typed doors to libcurl's variadic functions, and to socket options Swift cannot name.
#ifndef CCURL_STREAM_H
#define CCURL_STREAM_H

#include <curl/curl.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

static inline CURLcode mutabik_stream_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode mutabik_stream_set_text(CURL *handle, CURLoption option, const char *text) {
    return curl_easy_setopt(handle, option, text);
}

typedef size_t (*mutabik_stream_line)(char *bytes, size_t one, size_t count, void *user);

static inline CURLcode mutabik_stream_on_line(CURL *handle, mutabik_stream_line call, void *user) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, call);
    return code == CURLE_OK ? curl_easy_setopt(handle, CURLOPT_HEADERDATA, user) : code;
}

typedef CURLcode (*mutabik_stream_tls)(CURL *handle, void *context, void *user);

/// Called with OpenSSL's SSL_CTX before the handshake.
static inline CURLcode mutabik_stream_on_tls(CURL *handle, mutabik_stream_tls call, void *user) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_SSL_CTX_FUNCTION, call);
    return code == CURLE_OK ? curl_easy_setopt(handle, CURLOPT_SSL_CTX_DATA, user) : code;
}

/// The bundle of certificate authorities that this libcurl was built for, or NULL.
static inline const char *mutabik_stream_authorities(CURL *handle) {
    char *path = NULL;
    return curl_easy_getinfo(handle, CURLINFO_CAINFO, &path) == CURLE_OK ? path : NULL;
}

/// The connected socket, -1 when there is none.
static inline int mutabik_stream_socket(CURL *handle) {
    curl_socket_t socket = CURL_SOCKET_BAD;
    if (curl_easy_getinfo(handle, CURLINFO_ACTIVESOCKET, &socket) != CURLE_OK) return -1;
    return socket == CURL_SOCKET_BAD ? -1 : (int)socket;
}

/// Gives up on a peer that acknowledges nothing: after `probes` keepalives, or once sent bytes
/// stay unacknowledged for `unacknowledged_ms`. Failures are ignored, deadlines remain.
static inline void mutabik_stream_keepalive(int socket, int probes, unsigned unacknowledged_ms) {
    setsockopt(socket, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
    setsockopt(
        socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &unacknowledged_ms, sizeof unacknowledged_ms);
}

#endif
