// SPDX-License-Identifier: Apache-2.0
#ifndef CLIBXML_SHIM_H
#define CLIBXML_SHIM_H

#include <libxml/xmlversion.h>
// Debian's libxml2 shows ICU's types in one struct that nobody here touches. Foundation brings ICU
// types of its own, and Swift refuses to see both.
#undef LIBXML_ICU_ENABLED
#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>

// Reads UTF-8 whatever a <meta> in it says; events go to `handler` with `receiver`.
static inline void html_read(const char *bytes, int size, htmlSAXHandler *handler, void *receiver) {
    htmlParserCtxtPtr context = htmlCreateMemoryParserCtxt(bytes, size);
    if (!context) return;
    htmlSAXHandlerPtr own = context->sax;
    context->sax = handler;
    context->userData = receiver;
    htmlCtxtUseOptions(
        context, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                     HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
    xmlSwitchEncoding(context, XML_CHAR_ENCODING_UTF8);
    htmlParseDocument(context);
    context->sax = own;
    htmlFreeParserCtxt(context);
}

#endif
