/* SPDX-License-Identifier: Apache-2.0 */
/*
 * paper-document - an order laid out as PDF and read back by poppler
 */
#include "paper-document.h"

#include "testlib/checks.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void
read_text(struct document *document)
{
    char command[200];
    size_t size = 0, room = 1 << 20;
    FILE *pipe;
    int byte;

    snprintf(command, sizeof command, "pdftotext -raw %s -", document->path);
    pipe = popen(command, "re");
    ck_assert_ptr_nonnull(pipe);
    document->text = calloc(1, room);
    while ((byte = getc(pipe)) != EOF && size < room - 1)
        if (byte > ' ')
            document->text[size++] = (char)byte;
    ck_assert_int_eq(pclose(pipe), 0);
}

/* Lays the order out as PDF; `name` for SUGU_PAPERS_OUT. */
void
render(const struct sample_order *sample, const char *name, struct document *document)
{
    const char *keep = getenv("SUGU_PAPERS_OUT");
    struct sugu_error error;
    FILE *file;

    snprintf(document->folder, sizeof document->folder, "/tmp/sugu-papers-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(document->folder));
    sugu_assert_ok(sugu_paper_render(&sample->order, SUGU_PAPER_PDF, 0, &document->paper, &error),
                   error);
    if (keep)
        snprintf(document->path, sizeof document->path, "%s/%s.pdf", keep, name);
    else
        snprintf(document->path, sizeof document->path, "%s/%s.pdf", document->folder, name);
    file = fopen(document->path, "we");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(document->paper.bytes, 1, document->paper.size, file),
                      document->paper.size);
    fclose(file);
    read_text(document);
}

void
document_done(struct document *document)
{
    if (!getenv("SUGU_PAPERS_OUT"))
        unlink(document->path);
    rmdir(document->folder);
    free(document->text);
    sugu_paper_done(&document->paper);
}

/* How often `words` (blanks taken out) stand in the document. */
unsigned
count_of(const struct document *document, const char *words)
{
    char solid[600];
    size_t size = 0;
    unsigned count = 0;

    for (; *words; words++)
        if ((unsigned char)*words > ' ')
            solid[size++] = *words;
    solid[size] = '\0';
    for (const char *at = document->text; (at = strstr(at, solid)); at += size)
        count++;
    return count;
}

void
assert_says(const struct document *document, const char *words)
{
    ck_assert_msg(count_of(document, words) > 0, "not on the paper: %s", words);
}
