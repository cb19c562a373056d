// SPDX-License-Identifier: Apache-2.0
#ifndef CLIBXML_SHIM_H
#define CLIBXML_SHIM_H

#include <libxml/HTMLparser.h>

#endif
