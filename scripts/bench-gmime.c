// SPDX-License-Identifier: Apache-2.0
//
// What a mail costs at the least: GMime alone parses every message of an mbox and decodes each
// text part to UTF-8. No signature is checked, no page is turned into text, nothing is kept.
//
//     cc -O2 bench-gmime.c $(pkg-config --cflags --libs gmime-3.0) -o bench-gmime
//     ./bench-gmime season.mbox

#include <fcntl.h>
#include <gmime/gmime.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

struct totals {
    long mails, texts, text_bytes;
};

static void take(GMimeObject *parent, GMimeObject *part, gpointer data) {
    (void)parent;
    struct totals *totals = data;
    if (!GMIME_IS_TEXT_PART(part)) return;
    char *text = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
    if (!text) return;
    totals->texts++;
    totals->text_bytes += (long)strlen(text);
    g_free(text);
}

int main(int count, char **arguments) {
    int file = count == 2 ? open(arguments[1], O_RDONLY) : -1;
    if (file < 0) {
        fprintf(stderr, "bench-gmime: name an mbox that can be read\n");
        return 64;
    }
    g_mime_init();
    GMimeStream *stream = g_mime_stream_mmap_new(file, PROT_READ, MAP_PRIVATE);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    g_mime_parser_set_format(parser, GMIME_FORMAT_MBOX);
    g_object_unref(stream);
    struct totals totals = {0, 0, 0};
    while (!g_mime_parser_eos(parser)) {
        GMimeMessage *mail = g_mime_parser_construct_message(parser, NULL);
        if (!mail) break;
        totals.mails++;
        g_mime_message_foreach(mail, take, &totals);
        g_object_unref(mail);
    }
    g_object_unref(parser);
    printf("{\"mails\":%ld,\"texts\":%ld,\"text_bytes\":%ld}\n", totals.mails, totals.texts,
           totals.text_bytes);
    return 0;
}
