/* SPDX-License-Identifier: MIT
 *
 * All tables of variants of this room, for those that list or try them.
 */
#ifndef KD_TABLES_H
#define KD_TABLES_H

#include "descent.h"
#include "kernel.h"
#include "layout.h"
#include "problem.h"
#include "rule.h"
#include "shift.h"

#endif
