// SPDX-License-Identifier: Apache-2.0
#ifndef CCURL_HTTP_H
#define CCURL_HTTP_H

#include <curl/curl.h>

// libcurl's setters are variadic macros, which Swift cannot call: one function per kind of value.

typedef size_t (*http_data_callback)(char *, size_t, size_t, void *);
typedef int (*http_prereq_callback)(void *, char *, char *, int, int);

static inline CURLcode http_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode http_set_text(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}

/// The body is copied; the size is set first, because a body may hold any byte.
static inline CURLcode http_set_body(CURL *easy, const void *bytes, size_t count) {
    CURLcode code =
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
    return code != CURLE_OK ? code : curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, bytes);
}

static inline CURLcode http_set_headers(CURL *easy, struct curl_slist *headers) {
    return curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
}

static inline CURLcode http_set_url(CURL *easy, CURLU *url) {
    return curl_easy_setopt(easy, CURLOPT_CURLU, url);
}

static inline CURLcode http_set_callbacks(
    CURL *easy, http_data_callback body, http_data_callback header, http_prereq_callback prereq,
    void *context) {
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, context);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, context);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, prereq);
    return curl_easy_setopt(easy, CURLOPT_PREREQDATA, context);
}

static inline CURLcode http_get_status(CURL *easy, long *status) {
    return curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, status);
}

static inline CURLMcode http_set_multi_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

/// The next finished transfer and its result, or NULL when there is none.
static inline CURL *http_next_finished(CURLM *multi, CURLcode *result) {
    int left = 0;
    CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &left)) != NULL) {
        if (message->msg == CURLMSG_DONE) {
            *result = message->data.result;
            return message->easy_handle;
        }
    }
    return NULL;
}

#endif
