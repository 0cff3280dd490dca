/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch - what lies on the reader, from the first poll to the card that is taken away
 *
 * One call of sugu_watch_step is one look; the caller waits in between. The reader is opened again
 * by itself when it went, after 200 ms at first and 5 s at most. All calls from one thread.
 */
#pragma once

#include "domain/machine.h"
#include "reader/my-number.h"

#include "sugu.pb-c.h"

#define SUGU_READER_STATES(X)                                                                      \
    X(AWAY)  /* not open */                                                                        \
    X(EMPTY) /* nothing in the field */                                                            \
    X(CARD)  /* one card, announced under a presence */                                            \
    X(SEVERAL)

#define SUGU_READER_EVENTS(X)                                                                      \
    X(OPENED)                                                                                      \
    X(LOST) /* does not answer, or nonsense */                                                     \
    X(SEES_NOTHING)                                                                                \
    X(SEES_CARD) /* one card, looked at */                                                         \
    X(SEES_SAME)                                                                                   \
    X(SEES_OTHER) /* not the one that was announced */                                             \
    X(SEES_SEVERAL)

#define SUGU_READER_EFFECTS(X)                                                                     \
    X(SAY_TAKEN)                                                                                   \
    X(SAY_AWAY)                                                                                    \
    X(SAY_OK)                                                                                      \
    X(SAY_PUT)                                                                                     \
    X(SAY_SEVERAL)

#define SUGU_READER_RULES(X)                                                                       \
    X(AWAY, OPENED, EMPTY, SUGU_READER_DO_SAY_OK)                                                  \
    X(AWAY, LOST, AWAY, 0)                                                                         \
    X(EMPTY, LOST, AWAY, SUGU_READER_DO_SAY_AWAY)                                                  \
    X(EMPTY, SEES_NOTHING, EMPTY, 0)                                                               \
    X(EMPTY, SEES_CARD, CARD, SUGU_READER_DO_SAY_PUT)                                              \
    X(EMPTY, SEES_SEVERAL, SEVERAL, SUGU_READER_DO_SAY_SEVERAL)                                    \
    X(CARD, LOST, AWAY, SUGU_READER_DO_SAY_TAKEN | SUGU_READER_DO_SAY_AWAY)                        \
    X(CARD, SEES_NOTHING, EMPTY, SUGU_READER_DO_SAY_TAKEN)                                         \
    X(CARD, SEES_SAME, CARD, 0)                                                                    \
    X(CARD, SEES_OTHER, EMPTY, SUGU_READER_DO_SAY_TAKEN)                                           \
    X(CARD, SEES_SEVERAL, SEVERAL, SUGU_READER_DO_SAY_TAKEN | SUGU_READER_DO_SAY_SEVERAL)          \
    X(SEVERAL, LOST, AWAY, SUGU_READER_DO_SAY_TAKEN | SUGU_READER_DO_SAY_AWAY)                     \
    X(SEVERAL, SEES_NOTHING, EMPTY, SUGU_READER_DO_SAY_TAKEN)                                      \
    X(SEVERAL, SEES_CARD, CARD, SUGU_READER_DO_SAY_PUT)                                            \
    X(SEVERAL, SEES_SEVERAL, SEVERAL, 0)

#define SUGU_STATE(name) SUGU_READER_##name,
enum sugu_reader_state { SUGU_READER_STATES(SUGU_STATE) SUGU_READER_STATE_COUNT };
#undef SUGU_STATE
#define SUGU_EVENT(name) SUGU_READER_ON_##name,
enum sugu_reader_event { SUGU_READER_EVENTS(SUGU_EVENT) SUGU_READER_EVENT_COUNT };
#undef SUGU_EVENT
#define SUGU_EFFECT(name) SUGU_READER_BIT_##name,
enum sugu_reader_bit { SUGU_READER_EFFECTS(SUGU_EFFECT) SUGU_READER_EFFECT_COUNT };
#undef SUGU_EFFECT
#define SUGU_EFFECT(name) SUGU_READER_DO_##name = 1 << SUGU_READER_BIT_##name,
enum sugu_reader_effect { SUGU_READER_EFFECTS(SUGU_EFFECT) };
#undef SUGU_EFFECT

extern const struct sugu_machine sugu_reader_machine;

/* A CardChange as plain bytes. */
struct sugu_card_note {
    Sugu__CardChangeKind change;
    struct sugu_id presence; /* none with SEVERAL and what follows it */
    Sugu__CardKind kind;
    uint8_t serial[10]; /* hospital cards only */
    size_t serial_size;
    unsigned tries_left; /* My Number cards only */
    char code[64];       /* why the card cannot be used, "" where it can */
    bool is_found;       /* nobody put it: it lay there before the reader went for a moment */
};

struct sugu_watch_callbacks {
    void (*on_part)(void *user, Sugu__PartHealth health, const char *code);
    /* A card was put or taken, or there are several. PUT comes again under the same presence when
     * tries or code have changed. */
    void (*on_card)(void *user, const struct sugu_card_note *note);
    /* Why the reader went, or could not be opened; for the log. */
    void (*on_trouble)(void *user, const struct sugu_error *error);
    void *user;
};

struct sugu_watch {
    struct sugu_reader *reader;
    const char *where;
    int64_t poll_us;
    struct sugu_my_number_needs needs;
    struct sugu_watch_callbacks callbacks;
    unsigned state;
    int64_t retry_us; /* before the next try to open */
    struct sugu_target target;
    struct sugu_card_note note;
    struct sugu_my_number card;
    struct {
        bool is_there; /* a card lay there when the reader went, and was not missed since */
        struct sugu_target target;
        int64_t monotonic_us; /* when the reader went */
    } lost;
};

/* Copies the structs; what they point to, and `where`, has to outlive the watch. */
void sugu_watch_init(struct sugu_watch *watch,
                     struct sugu_reader *reader,
                     const char *where,
                     int64_t poll_us,
                     const struct sugu_my_number_needs *needs,
                     const struct sugu_watch_callbacks *callbacks);
/* Closes the reader; says nothing. */
void sugu_watch_done(struct sugu_watch *watch);

/* One look. Returns the microseconds until the next one is due. */
int64_t sugu_watch_step(struct sugu_watch *watch);

/*
 * Reads the My Number card of this presence with the PIN in the page, which is cleared in every
 * case; the field is dropped afterwards. A change of tries or code is said before this returns.
 * Errors: those of sugu_my_number_read, "card.taken" for another presence, "card.several",
 * "card.not-known" for another kind of card.
 */
enum sugu_status sugu_watch_read(struct sugu_watch *watch,
                                 const struct sugu_id *presence,
                                 struct sugu_pin_page *page,
                                 struct sugu_attributes *ret_attributes,
                                 struct sugu_error *reterr) SUGU_MUST_CHECK;
