// SPDX-License-Identifier: Apache-2.0
#ifndef CCURL_SHIM_H
#define CCURL_SHIM_H

#include <curl/curl.h>
#include "stream.h"

#include "http.h"
#include "loop.h"
#include "smtp.h"

#endif
