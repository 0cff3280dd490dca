/* SPDX-License-Identifier: Apache-2.0 */
/*
 * machines - the list of all state machines, for tests and pictures
 */
#include "domain/machine.h"

#include "domain/bill-machine.h"
#include "domain/cash-session.h"
#include "domain/kiosk-flow.h"
#include "domain/on-file-machine.h"
#include "domain/payment.h"
#include "domain/print-job.h"
#include "domain/ticket.h"
#include "domain/visit.h"

const struct sugu_machine *const *
sugu_machines(size_t *ret_count)
{
    static const struct sugu_machine *const machines[] = {
        &sugu_visit_machine,     &sugu_bill_machine,    &sugu_stage_machine,
        &sugu_print_job_machine, &sugu_attempt_machine, &sugu_kiosk_machine,
        &sugu_on_file_machine,   &sugu_dues_machine,    &sugu_cash_session_machine,
    };

    *ret_count = SUGU_ARRAY_SIZE(machines);
    return machines;
}
