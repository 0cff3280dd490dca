/* SPDX-License-Identifier: Apache-2.0 */
/*
 * facts - what follows from them, and clearing what the kiosk knows about a person
 */
#include "facts.h"

#include <string.h>

unsigned
kiosk_facts_payable(const struct kiosk_person *person)
{
    unsigned count = 0;

    for (unsigned i = 0; i < person->old_count; i++)
        if (!person->old_bills[i].is_at_counter)
            count++;
    return count;
}

const struct kiosk_old_bill *
kiosk_facts_old_bill(const struct kiosk_person *person)
{
    unsigned count = kiosk_facts_payable(person), at = count ? person->old_shown % count : 0;

    for (unsigned i = 0; i < person->old_count; i++)
        if (!person->old_bills[i].is_at_counter && at-- == 0)
            return &person->old_bills[i];
    return NULL;
}

void
kiosk_facts_forget(struct kiosk_facts *facts)
{
    explicit_bzero(&facts->person, sizeof facts->person);
}
