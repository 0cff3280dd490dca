/* SPDX-License-Identifier: Apache-2.0 */
/*
 * town - invented people who come to the demo's hospital, and the hospital's departments
 */
#include "demo/town.h"

#include "base/macros.h"
#include "base/random.h"

#include <stdbool.h>
#include <string.h>

const struct town_place town_places[TOWN_DEPARTMENT_COUNT] = {
    [TOWN_INTERNAL] = {"internal", "内科", 4, 11},
    [TOWN_EYE] = {"eye", "眼科", 4, 8},
    [TOWN_ORTHO] = {"ortho", "整形外科", 4, 7},
    [TOWN_BLOOD] = {"blood", "採血室", 2, 4},
    [TOWN_XRAY] = {"xray", "X線撮影", 3, 6},
    [TOWN_PHARMACY] = {"pharmacy", "お薬", 2, 4},
    [TOWN_RECEPTION] = {"reception", "総合受付", 12, 25},
};

/* Departments, desks and rules; the first two departments are there already. */
static const char setup_text[] = "department ortho 整形外科 C\n"
                                 "department blood 採血室 T test counter\n"
                                 "department xray X線撮影 X test\n"
                                 "department pharmacy お薬 P pharmacy\n"
                                 "desk 3 internal\n"
                                 "desk 4 internal\n"
                                 "desk 5 eye\n"
                                 "desk 7 ortho\n"
                                 "desk 11 blood\n"
                                 "desk 21 xray\n"
                                 "desk 31 pharmacy\n"
                                 "queue internal 15 10 30 15\n"
                                 "queue eye 15 10 30 15\n"
                                 "queue ortho 15 10 30 15\n"
                                 "order-rule blood before xray\n"
                                 "order-rule xray any-time internal\n"
                                 "line 1 ja 地下駐車場に空きがあります。\n"
                                 "line 1 en \"There are free places in the car park below.\"\n"
                                 "line 2 ja インフルエンザの予防接種を受け付けています。\n";

static const char *const families[] = {
    "高橋", "田中", "伊藤", "渡辺", "中村", "小林", "加藤",   "吉田",     "山本", "佐々木", "山口",
    "松本", "井上", "木村", "林",   "斎藤", "清水", "山崎",   "森",       "池田", "橋本",   "阿部",
    "石川", "山下", "中島", "石井", "小川", "前田", "岡田",   "長谷川",   "藤田", "後藤",   "近藤",
    "村上", "遠藤", "青木", "坂本", "福田", "太田", "西村",   "藤井",     "岡本", "三浦",   "金子",
    "中野", "原田", "松田", "竹内", "小野", "中川", "宇都宮", "勅使河原",
};
static const char *const women[] = {"花",   "陽子", "美咲", "恵子", "久美子", "由美",  "千代",
                                    "幸子", "結衣", "葵",   "文子", "さくら", "真由美"};
static const char *const men[] = {"健", "大輔", "翔太", "誠",   "隆", "和夫",  "一郎",
                                  "清", "蓮",   "直樹", "正雄", "修", "健太郎"};

/* Where people come from the street go to. */
static enum town_department
choose_place(struct sugu_random *random)
{
    uint64_t lot = sugu_random_below(random, 100);

    return lot < 45 ? TOWN_INTERNAL : lot < 72 ? TOWN_EYE : TOWN_ORTHO;
}

static unsigned
choose_orders(struct sugu_random *random, enum town_department goes_to)
{
    uint64_t lot = sugu_random_below(random, 100);
    unsigned orders = 0;

    if (goes_to == TOWN_INTERNAL)
        orders = (lot < 40 ? 1u << TOWN_BLOOD : 0) | (lot > 25 && lot < 45 ? 1u << TOWN_XRAY : 0);
    if (goes_to == TOWN_ORTHO && lot < 55)
        orders = 1u << TOWN_XRAY;
    if (sugu_random_below(random, 100) < 40)
        orders |= 1u << TOWN_PHARMACY;
    return orders;
}

void
townsman_make(unsigned index, struct townsman *ret_townsman)
{
    struct sugu_random_seeded seeded;
    struct sugu_random *random = &seeded.random;
    bool is_woman;
    const char *given;
    uint64_t lot;

    sugu_random_seeded_init(&seeded, 7001 + index);
    memset(ret_townsman, 0, sizeof *ret_townsman);
    is_woman = sugu_random_below(random, 100) < 54;
    given = is_woman ? women[sugu_random_below(random, SUGU_ARRAY_SIZE(women))]
                     : men[sugu_random_below(random, SUGU_ARRAY_SIZE(men))];
    snprintf(ret_townsman->number, sizeof ret_townsman->number, "%u", 5001 + index);
    snprintf(ret_townsman->name, sizeof ret_townsman->name, "%s　%s",
             families[sugu_random_below(random, SUGU_ARRAY_SIZE(families))], given);
    ret_townsman->sex = is_woman ? "female" : "male";
    ret_townsman->birth_date = (uint32_t)(1935 + sugu_random_below(random, 80)) * 10000 +
                               (uint32_t)(1 + sugu_random_below(random, 12)) * 100 +
                               (uint32_t)(1 + sugu_random_below(random, 28));
    memcpy(ret_townsman->serial, "\x01\x14\xb3\x4d\x5d\x00\x00\x00", sizeof ret_townsman->serial);
    ret_townsman->serial[6] = (uint8_t)(index >> 8);
    ret_townsman->serial[7] = (uint8_t)index;
    lot = sugu_random_below(random, 100);
    ret_townsman->language = lot < 6 ? "en" : lot < 10 ? "zh" : "ja";
    ret_townsman->goes_to = choose_place(random);
    ret_townsman->orders = choose_orders(random, ret_townsman->goes_to);
    ret_townsman->minute =
        sugu_random_below(random, 100) < 65 ? (int)(10 + 10 * sugu_random_below(random, 3)) : -1;
}

void
town_write_setup(FILE *file, unsigned begins_min)
{
    fputs(setup_text, file);
    for (unsigned i = 0; i < TOWN_PEOPLE; i++) {
        struct townsman man;
        townsman_make(i, &man);
        fprintf(file, "patient %s \"%s\" %04u-%02u-%02u %s\n", man.number, man.name,
                man.birth_date / 10000, man.birth_date / 100 % 100, man.birth_date % 100, man.sex);
        fprintf(file, "insurance %s 06130488 5001 %07u 01\ncard %s felica ", man.number,
                7000001 + i, man.number);
        for (size_t at = 0; at < sizeof man.serial; at++)
            fprintf(file, "%02x", man.serial[at]);
        fputs("\n", file);
        if (man.minute >= 0) {
            unsigned at_min = (begins_min + i * 3 / 2 + (unsigned)man.minute) / 5 * 5 % 1440;
            fprintf(file, "appointment %s %s %02u:%02u\n", man.number,
                    town_places[man.goes_to].code, at_min / 60, at_min % 60);
        }
        for (unsigned place = 0; place < TOWN_DEPARTMENT_COUNT; place++)
            if (man.orders & 1u << place)
                fprintf(file, "order %s %s\n", man.number, town_places[place].code);
    }
}

void
town_write_insured(FILE *file)
{
    for (unsigned i = 0; i < TOWN_PEOPLE; i++) {
        struct townsman man;
        townsman_make(i, &man);
        fprintf(file,
                "insurer=06130488 symbol=5001 number=%07u branch=01 birth=%08u name=%s "
                "ratio=030\n",
                7000001 + i, man.birth_date, man.name);
    }
}
