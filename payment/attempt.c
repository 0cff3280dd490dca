/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attempt - one attempt to take money, as it stands in the journal and goes over the wire
 */
#include "payment/attempt.h"

#include "base/text.h"
#include "domain/card-number.h"

#include <openssl/sha.h>

_Static_assert((int)SUGU_ATTEMPT_INTENDED == SUGU__ATTEMPT_STATE__ATTEMPT_INTENDED &&
                   (int)SUGU_ATTEMPT_SENT == SUGU__ATTEMPT_STATE__ATTEMPT_SENT &&
                   (int)SUGU_ATTEMPT_APPROVED == SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED &&
                   (int)SUGU_ATTEMPT_DECLINED == SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED &&
                   (int)SUGU_ATTEMPT_UNKNOWN == SUGU__ATTEMPT_STATE__ATTEMPT_UNKNOWN &&
                   (int)SUGU_ATTEMPT_HELD == SUGU__ATTEMPT_STATE__ATTEMPT_HELD &&
                   (int)SUGU_ATTEMPT_REVERSED == SUGU__ATTEMPT_STATE__ATTEMPT_REVERSED,
               "the states are those of sugu.proto");

bool
sugu_attempt_is_finished(const struct sugu_attempt *attempt)
{
    if (!sugu_attempt_is_final(attempt->state))
        return false;
    return attempt->server_stage == SUGU_SERVER_REFUSED ||
           attempt->report_done == attempt->report_number;
}

bool
sugu_attempt_is_order(const struct sugu_attempt *attempt)
{
    return sugu_id_is_none(&attempt->session);
}

struct sugu_id
sugu_attempt_request_id(const struct sugu_attempt *attempt, uint32_t number)
{
    uint8_t digest[SHA256_DIGEST_LENGTH];
    uint8_t text[SUGU_ID_SIZE + 4];
    struct sugu_id id;

    memcpy(text, attempt->id.bytes, SUGU_ID_SIZE);
    for (int i = 0; i < 4; i++)
        text[SUGU_ID_SIZE + i] = (uint8_t)(number >> (24 - 8 * i));
    SHA256(text, sizeof text, digest);
    memcpy(id.bytes, digest, SUGU_ID_SIZE);
    id.bytes[6] = (uint8_t)(0x80 | (id.bytes[6] & 0x0f)); /* UUID version 8: our own making */
    id.bytes[8] = (uint8_t)(0x80 | (id.bytes[8] & 0x3f));
    return id;
}

/* A text of a device, ready for the journal: what is cut or hidden here is never seen again. */
static void
take_text(char *to, size_t size, const char *from)
{
    char text[256];

    sugu_text_copy(text, sizeof text, from);
    sugu_text_clean(text);
    sugu_card_number_hide(text);
    sugu_text_copy(to, size, text);
}

void
sugu_attempt_take_answer(struct sugu_attempt *attempt,
                         const struct sugu_terminal_answer *answer,
                         const char *terminal)
{
    sugu_text_copy(attempt->code, sizeof attempt->code, answer->code);
    sugu_text_copy(attempt->terminal, sizeof attempt->terminal, terminal);
    if (answer->result != SUGU_TERMINAL_APPROVED)
        return;
    attempt->approved_yen = answer->approved_yen;
    take_text(attempt->provider_id, sizeof attempt->provider_id, answer->provider_id);
    attempt->provider_utc_us = answer->provider_utc_us;
    take_text(attempt->approval_code, sizeof attempt->approval_code, answer->approval_code);
    take_text(attempt->brand, sizeof attempt->brand, answer->brand);
    take_text(attempt->last4, sizeof attempt->last4, answer->last4);
    take_text(attempt->token, sizeof attempt->token, answer->token);
    attempt->expiry = answer->expiry;
}

void
sugu_attempt_to_begin(const struct sugu_attempt *attempt, Sugu__BeginPayment *ret_begin)
{
    sugu__begin_payment__init(ret_begin);
    ret_begin->attempt = sugu_id_field(&attempt->id);
    ret_begin->session = sugu_id_field(&attempt->session);
    if (!sugu_id_is_none(&attempt->bill)) /* a registration is of none, nor is a hold */
        ret_begin->bill = sugu_id_field(&attempt->bill);
    ret_begin->revision = attempt->revision;
    ret_begin->method = (Sugu__PaymentMethod)attempt->method;
    ret_begin->amount_yen = attempt->amount_yen;
    ret_begin->kind = (Sugu__AttemptKind)attempt->kind;
}

/* An attempt that was approved: its details count only in the states that say so. */
static bool
has_approval(const struct sugu_attempt *attempt)
{
    return attempt->state == SUGU_ATTEMPT_APPROVED || attempt->state == SUGU_ATTEMPT_REVERSED;
}

void
sugu_attempt_to_end(const struct sugu_attempt *attempt, Sugu__EndPayment *ret_end)
{
    sugu__end_payment__init(ret_end);
    ret_end->attempt = sugu_id_field(&attempt->id);
    ret_end->state = (Sugu__AttemptState)attempt->state;
    ret_end->code = (char *)attempt->code;
    ret_end->terminal = (char *)attempt->terminal;
    if (attempt->state == SUGU_ATTEMPT_DECLINED)
        ret_end->decline = (Sugu__Decline)attempt->decline;
    if (!has_approval(attempt))
        return;
    ret_end->approved_yen = attempt->approved_yen;
    ret_end->provider_id = (char *)attempt->provider_id;
    ret_end->approval_code = (char *)attempt->approval_code;
    ret_end->brand = (char *)attempt->brand;
    ret_end->last4 = (char *)attempt->last4;
    ret_end->network_id = (char *)attempt->network_id;
    ret_end->funding = (Sugu__CardFunding)attempt->funding;
    ret_end->paid_utc_us = attempt->provider_utc_us;
    if (attempt->kind == SUGU__ATTEMPT_KIND__ATTEMPT_REGISTER)
        ret_end->token = (char *)attempt->token;
    ret_end->expiry = attempt->expiry;
}

void
sugu_attempt_to_progress(const struct sugu_attempt *attempt, Sugu__PaymentProgress *ret_progress)
{
    sugu__payment_progress__init(ret_progress);
    ret_progress->attempt = sugu_id_field(&attempt->id);
    ret_progress->bill = sugu_id_field(&attempt->bill);
    ret_progress->state = (Sugu__AttemptState)attempt->state;
    ret_progress->approved_yen = has_approval(attempt) ? attempt->approved_yen : 0;
    ret_progress->code = (char *)attempt->code;
    ret_progress->method = (Sugu__PaymentMethod)attempt->method;
    ret_progress->kind = (Sugu__AttemptKind)attempt->kind;
    ret_progress->amount_yen = attempt->amount_yen;
    ret_progress->is_final = sugu_attempt_is_finished(attempt);
}
