/* SPDX-License-Identifier: MIT
 *
 * libkdegrad: loss and gradient of the cross-entropy between a uniform target
 * and a kernel density estimate with softmax weights. Start at problem.h.
 */
#ifndef KDEGRAD_H
#define KDEGRAD_H

#include "descent.h"
#include "kernel.h"
#include "layout.h"
#include "numerics.h"
#include "problem.h"
#include "rule.h"
#include "shift.h"

#endif
