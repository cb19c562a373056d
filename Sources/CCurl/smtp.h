// SPDX-License-Identifier: Apache-2.0
// Typed doors to the options of libcurl's mail transfers.
#ifndef CCURL_SMTP_H
#define CCURL_SMTP_H

#include <curl/curl.h>

typedef size_t (*mutabik_smtp_read)(char *room, size_t one, size_t count, void *user);
typedef int (*mutabik_smtp_watch)(
    CURL *handle, curl_infotype what, char *bytes, size_t count, void *user);

/// Where the mail's bytes come from, and who is shown what is sent.
static inline CURLcode mutabik_smtp_callbacks(
    CURL *handle, curl_off_t size, mutabik_smtp_read read, mutabik_smtp_watch watch, void *user) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_INFILESIZE_LARGE, size);
    if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_READFUNCTION, read);
    if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_READDATA, user);
    if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_DEBUGFUNCTION, watch);
    return code == CURLE_OK ? curl_easy_setopt(handle, CURLOPT_DEBUGDATA, user) : code;
}

static inline CURLcode mutabik_smtp_recipients(CURL *handle, struct curl_slist *recipients) {
    return curl_easy_setopt(handle, CURLOPT_MAIL_RCPT, recipients);
}

#endif
