// SPDX-License-Identifier: Apache-2.0
#ifndef CARES_SHIM_H
#define CARES_SHIM_H

#include <ares.h>

#endif
