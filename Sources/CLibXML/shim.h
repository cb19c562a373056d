// SPDX-License-Identifier: Apache-2.0
#ifndef CLIBXML_SHIM_H
#define CLIBXML_SHIM_H

#include <libxml/xmlversion.h>
// Debian's libxml2 shows ICU's types in one struct that nobody here touches. Foundation brings ICU
// types of its own, and Swift refuses to see both.
#undef LIBXML_ICU_ENABLED
#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlreader.h>

// A parser for UTF-8, whatever a <meta> in it says. Nil without memory; free with html_close.
static inline htmlParserCtxtPtr html_open(const char *bytes, int size) {
    htmlParserCtxtPtr parser = htmlCreateMemoryParserCtxt(bytes, size);
    if (!parser) return NULL;
    htmlCtxtUseOptions(
        parser, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                    HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
    xmlSwitchEncoding(parser, XML_CHAR_ENCODING_UTF8);
    return parser;
}

// Events go to `handler` with `receiver`; a handler may call xmlStopParser.
static inline void html_read(htmlParserCtxtPtr parser, htmlSAXHandler *handler, void *receiver) {
    htmlSAXHandlerPtr own = parser->sax;
    parser->sax = handler;
    parser->userData = receiver;
    htmlParseDocument(parser);
    parser->sax = own;
}

// Walks XML in memory. Nothing is fetched, no DTD is read, no entity put in its place, and libxml2's
// own limits stay on. The bytes must stay where they are. Nil without memory.
static inline xmlTextReaderPtr xml_reader_open(const char *bytes, int size) {
    return xmlReaderForMemory(
        bytes, size, NULL, NULL,
        XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_BIG_LINES);
}

static inline void xml_text_free(xmlChar *text) { xmlFree(text); }

static inline void html_close(htmlParserCtxtPtr parser) { htmlFreeParserCtxt(parser); }

#endif
