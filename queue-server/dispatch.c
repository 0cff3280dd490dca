/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dispatch - the handler of each request
 */
#include "handlers/handlers.h"

static const struct sugu_handler handlers[] = {
#define SUGU_HANDLER(name, NAME, roles_, is_read_, is_grouped_)                                    \
    {.body = SUGU__REQUEST__BODY_##NAME,                                                           \
     .roles = roles_,                                                                              \
     .is_read = is_read_,                                                                          \
     .is_grouped = is_grouped_,                                                                    \
     .state = &sugu_state_##name,                                                                  \
     .step = sugu_step_##name},
    SUGU_HANDLERS(SUGU_HANDLER)
#undef SUGU_HANDLER
};

const struct sugu_handler *
sugu_handlers(size_t *ret_count)
{
    *ret_count = SUGU_ARRAY_SIZE(handlers);
    return handlers;
}

const struct sugu_handler *
sugu_handler_find(Sugu__Request__BodyCase body)
{
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(handlers); i++)
        if (handlers[i].body == body)
            return &handlers[i];
    return NULL;
}
