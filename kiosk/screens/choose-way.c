/* SPDX-License-Identifier: Apache-2.0 */
/*
 * choose-way - card, cash or phone: how to pay
 */
#include "screens/screens.h"

KIOSK_DEFINE_SCREEN(KioskChooseWay, kiosk_choose_way, "choose-way")
