/* SPDX-License-Identifier: MIT
 *
 * The numerics version: raised whenever a stored number may change for the
 * same config. It enters the key of every cell.
 */
#ifndef KD_NUMERICS_H
#define KD_NUMERICS_H

#define KD_NUMERICS_VERSION 2

#endif
