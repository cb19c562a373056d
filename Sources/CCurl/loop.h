// SPDX-License-Identifier: Apache-2.0
// Typed doors to the event-driven side of libcurl and to epoll.
#ifndef CCURL_LOOP_H
#define CCURL_LOOP_H

#include <curl/curl.h>
#include <stdint.h>
#include <sys/epoll.h>

typedef int (*mutabik_loop_socket)(
    CURL *easy, curl_socket_t socket, int what, void *user, void *unused);
typedef int (*mutabik_loop_timer)(CURLM *multi, long milliseconds, void *user);

/// Both callbacks may be NULL: then libcurl tells nothing any more.
static inline CURLMcode mutabik_loop_callbacks(
    CURLM *multi, mutabik_loop_socket socket, mutabik_loop_timer timer, void *user) {
    CURLMcode code = curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, socket);
    if (code == CURLM_OK) code = curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, user);
    if (code == CURLM_OK) code = curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, timer);
    return code == CURLM_OK ? curl_multi_setopt(multi, CURLMOPT_TIMERDATA, user) : code;
}

/// Waits for `socket`, or changes what is waited for. `token` comes back with each event.
static inline int mutabik_loop_watch(int poller, int socket, int reads, int writes, uint64_t token) {
    struct epoll_event event = {
        .events = (reads ? EPOLLIN : 0u) | (writes ? EPOLLOUT : 0u), .data = {.u64 = token}};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, socket, &event) == 0) return 0;
    return epoll_ctl(poller, EPOLL_CTL_MOD, socket, &event);
}

static inline void mutabik_loop_forget(int poller, int socket) {
    struct epoll_event unused = {0};
    epoll_ctl(poller, EPOLL_CTL_DEL, socket, &unused);
}

/// What a socket is ready for. A broken one counts as both: the next use tells why.
struct mutabik_loop_event {
    uint64_t token;
    int reads;
    int writes;
};

/// Waits up to `milliseconds`, -1 without end; the number of events, at most `room`.
static inline int mutabik_loop_wait(
    int poller, struct mutabik_loop_event *events, int room, int milliseconds) {
    struct epoll_event ready[64];
    int count = epoll_wait(poller, ready, room < 64 ? room : 64, milliseconds);
    for (int i = 0; i < count; i++) {
        uint32_t bits = ready[i].events;
        uint32_t broken = bits & (EPOLLERR | EPOLLHUP);
        events[i].token = ready[i].data.u64;
        events[i].reads = (bits & EPOLLIN) || broken;
        events[i].writes = (bits & EPOLLOUT) || broken;
    }
    return count < 0 ? 0 : count;
}

static inline int mutabik_loop_poller(void) { return epoll_create1(EPOLL_CLOEXEC); }

#endif
