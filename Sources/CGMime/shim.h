// SPDX-License-Identifier: Apache-2.0
#ifndef CGMIME_SHIM_H
#define CGMIME_SHIM_H

#include <gmime/gmime.h>
#include <string.h>

// GMime's type tests and casts are macros; these make them visible to Swift.

typedef enum {
    MIME_NODE_OTHER,
    MIME_NODE_LEAF,
    MIME_NODE_MULTIPART,
    MIME_NODE_MAIL,
} mime_node_kind;

static inline mime_node_kind mime_node_kind_of(GMimeObject *node) {
    if (GMIME_IS_MULTIPART(node)) return MIME_NODE_MULTIPART;
    if (GMIME_IS_MESSAGE_PART(node)) return MIME_NODE_MAIL;
    if (GMIME_IS_PART(node)) return MIME_NODE_LEAF;
    return MIME_NODE_OTHER;
}

// The tree of a header block and a body that lie apart. Free with mime_free; nil when unreadable.
static inline GMimeObject *mime_parse(const void *head, size_t head_size, const void *body,
                                      size_t body_size) {
    GByteArray *bytes = g_byte_array_sized_new((guint)(head_size + body_size));
    g_byte_array_append(bytes, (const guint8 *)head, (guint)head_size);
    g_byte_array_append(bytes, (const guint8 *)body, (guint)body_size);
    GMimeStream *stream = g_mime_stream_mem_new_with_byte_array(bytes);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    g_object_unref(stream);
    GMimeObject *node = g_mime_parser_construct_part(parser, NULL);
    g_object_unref(parser);
    return node;
}

static inline void mime_free(GMimeObject *node) { g_object_unref(node); }

static inline int mime_child_count(GMimeObject *node) {
    return g_mime_multipart_get_count(GMIME_MULTIPART(node));
}

// Borrowed from its parent.
static inline GMimeObject *mime_child(GMimeObject *node, int index) {
    return g_mime_multipart_get_part(GMIME_MULTIPART(node), index);
}

static inline const char *mime_boundary(GMimeObject *node) {
    return g_mime_multipart_get_boundary(GMIME_MULTIPART(node));
}

// The bytes of a leaf before its transfer encoding is undone; they belong to the tree.
static inline const unsigned char *mime_leaf_bytes(GMimeObject *node, size_t *size,
                                                   GMimeContentEncoding *encoding) {
    *size = 0;
    GMimeDataWrapper *content = g_mime_part_get_content(GMIME_PART(node));
    if (!content) return NULL;
    GMimeStream *stream = g_mime_data_wrapper_get_stream(content);
    if (!stream || !GMIME_IS_STREAM_MEM(stream)) return NULL;
    GByteArray *bytes = GMIME_STREAM_MEM(stream)->buffer;
    gint64 end = stream->bound_end < 0 ? (gint64)bytes->len : stream->bound_end;
    if (stream->bound_start < 0 || end > (gint64)bytes->len || stream->bound_start >= end)
        return NULL;
    *size = (size_t)(end - stream->bound_start);
    *encoding = g_mime_data_wrapper_get_encoding(content);
    return bytes->data + stream->bound_start;
}

// A parameter of a field, its encoded words as they came; free with g_free. GMime stops decoding
// behind a word that ends in padding, so encoded words are hidden from it.
static inline char *mime_parameter(GMimeObject *node, const char *field, const char *name) {
    GMimeHeaderList *fields = g_mime_object_get_header_list(node);
    GMimeHeader *header = fields ? g_mime_header_list_get_header(fields, field) : NULL;
    const char *raw = header ? g_mime_header_get_raw_value(header) : NULL;
    if (!raw) return NULL;
    char *hidden = g_strdup(raw);
    for (char *word = hidden; (word = strstr(word, "=?")); word++) *word = '\x1a';
    GMimeContentDisposition *parsed = g_mime_content_disposition_parse(NULL, hidden);
    g_free(hidden);
    const char *value = g_mime_content_disposition_get_parameter(parsed, name);
    char *found = value ? g_strdup(value) : NULL;
    g_object_unref(parsed);
    for (char *place = found; place && (place = strchr(place, '\x1a')); place++) *place = '=';
    return found;
}

// The file name; free with g_free. Fields of both kinds have the same form (RFC 2045, RFC 2183).
static inline char *mime_leaf_name(GMimeObject *node) {
    char *name = mime_parameter(node, "Content-Disposition", "filename");
    return name ? name : mime_parameter(node, "Content-Type", "name");
}

// Where the first field of an attached mail stands in what was parsed; -1 when it has none.
static inline gint64 mime_mail_offset(GMimeObject *node) {
    GMimeMessage *mail = g_mime_message_part_get_message(GMIME_MESSAGE_PART(node));
    if (!mail) return -1;
    GMimeHeaderList *fields = g_mime_object_get_header_list(GMIME_OBJECT(mail));
    if (!fields || g_mime_header_list_get_count(fields) == 0) return -1;
    return g_mime_header_get_offset(g_mime_header_list_get_header_at(fields, 0));
}

static inline int address_is_group(InternetAddress *address) {
    return INTERNET_ADDRESS_IS_GROUP(address);
}

static inline InternetAddressList *address_members(InternetAddress *group) {
    return internet_address_group_get_members(INTERNET_ADDRESS_GROUP(group));
}

static inline const char *address_text(InternetAddress *address) {
    if (!INTERNET_ADDRESS_IS_MAILBOX(address)) return NULL;
    return internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(address));
}

#endif
