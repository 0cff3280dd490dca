/* SPDX-License-Identifier: Apache-2.0 */
/*
 * facts - clearing what the kiosk knows about a person
 */
#include "facts.h"

#include <string.h>

void
kiosk_facts_forget(struct kiosk_facts *facts)
{
    explicit_bzero(&facts->person, sizeof facts->person);
}
