/* SPDX-License-Identifier: MIT
 *
 * The numerics version: raised whenever a stored number may change for the
 * same config. It enters the key of every cell. What claims find has a version of its
 * own, which enters the keys of cells that judge claims.
 */
#ifndef KD_NUMERICS_H
#define KD_NUMERICS_H

#define KD_NUMERICS_VERSION 5
#define KD_CLAIMS_VERSION   1

#endif
