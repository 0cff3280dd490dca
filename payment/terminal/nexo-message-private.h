/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nexo-message-private - what the writing and the reading side of nexo-message share
 */
#pragma once

#define SUGU_NEXO_CRYPTO_VERSION 1
