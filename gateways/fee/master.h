/* SPDX-License-Identifier: Apache-2.0 */
/*
 * master - the acts of the fee table, from the published file
 *
 * The file is 医科診療行為マスター (s_ALL*.csv) of the Health Insurance Claims Review &
 * Reimbursement Services: one act a line, 150 columns, no header line, Shift_JIS (CP932), fields in
 * quotes. The whole file is wanted, not one of changes. Columns used, counted from 1:
 *
 *     1  変更区分          0 as before, 3 new, 5 changed; 1 and 9 are gone
 *     2  マスター種別      "S"
 *     3  診療行為コード    9 digits
 *     5  省略漢字名称      the name on claims and statements
 *     8  データ規格コード  unit of a quantity, 0 = none wanted
 *    11  点数識別          1 yen, 3 points; the others (percentages, deductions …) are not
 * countable 12  新又は現点数      "291.00" 13  入外適用区分      0 both, 1 inpatients only, 2
 * outpatients only 30  きざみ値計算識別  1 = the price depends on a quantity 31  下限値 quantity
 * that the price of column 12 is for 85  コード表用番号    letter of the fee table's section: A … N
 *    87  変更年月日        in force from, YYYYMMDD
 *    88  廃止年月日        in force until, 99999999 = open
 *    91  部                part of the chapter; with A: 01 visits, 02 hospital stay
 *
 * Sources: rows of the published files of 2025-08-01 and of the revision of June 2026 (both with
 * 150 columns, in the repositories miyako/4d-component-ssk-master and ysnr-dev/fhir-client), whose
 * positions were counted, and the order of the items in ファイルレイアウト R08rec3.pdf as quoted
 * there; the values of columns 1 and 11 from マスターファイル仕様説明書 (2014). Not read in an
 * official text: the values of column 13 (general knowledge; only 1 has an effect here). Column 113
 * (基本漢字名称) is longer than a statement's line and not used.
 *
 * A second file, the hospital's own prices, has the same layout: codes that begin with 0 (as the
 * receipt computer reserves them: 095…, 096…), 点数識別 1, yen with tax. They are not insured.
 */
#pragma once

#include "base/status.h"
#include "domain/bill.h"

#define SUGU_MASTER_COLUMNS  150
#define SUGU_MASTER_SIZE_MAX (64u << 20)

enum sugu_act_kind {
    SUGU_ACT_POINTS,
    SUGU_ACT_YEN,
    SUGU_ACT_OTHER, /* priced in a way that the calculator does not know */
};

struct sugu_act {
    uint32_t code;
    uint32_t valid_from, valid_until; /* dates, both included */
    enum sugu_act_kind kind;
    int64_t amount; /* points or yen of one */
    bool is_whole;  /* the price has no fraction */
    bool has_category;
    enum sugu_category category;
    bool wants_quantity;
    int64_t quantity_from; /* the price is for this quantity; 0 where unknown */
    bool is_inpatient_only;
    uint32_t line; /* where it stood */
    char name[SUGU_BILL_NAME_SIZE];
};

struct sugu_master;

/*
 * Both files; `own_path` may be NULL or "". BROKEN "fee.master" with file, line and column, or what
 * reading the file gave. Nothing is skipped but acts that are gone.
 */
enum sugu_status sugu_master_load(const char *path,
                                  const char *own_path,
                                  struct sugu_master **ret_master,
                                  struct sugu_error *reterr) SUGU_MUST_CHECK;
struct sugu_master *sugu_master_free(struct sugu_master *master);

/* The act that is in force on a day; NULL where there is none. */
const struct sugu_act *
sugu_master_find(const struct sugu_master *master, uint32_t code, uint32_t date);
/* Is the code there on any day? */
bool sugu_master_has(const struct sugu_master *master, uint32_t code);
size_t sugu_master_count(const struct sugu_master *master);

/* The parts, for tests. `bytes` are changed; `where` stands in errors. Index when all is added. */
struct sugu_master *sugu_master_new(void);
enum sugu_status sugu_master_add(struct sugu_master *master,
                                 uint8_t *bytes,
                                 size_t size,
                                 const char *where,
                                 bool is_own,
                                 struct sugu_error *reterr) SUGU_MUST_CHECK;
enum sugu_status sugu_master_index(struct sugu_master *master,
                                   struct sugu_error *reterr) SUGU_MUST_CHECK;
