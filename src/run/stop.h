/* SPDX-License-Identifier: MIT
 *
 * SIGINT, SIGTERM and SIGHUP as a wish to stop. Caught only while cells are computed:
 * at all other times nothing is lost by dying at once, so they do what they always do.
 */
#ifndef KD_STOP_H
#define KD_STOP_H

/* A signal that was ignored before (nohup) stays so; a second one ends the process. */
void kd_stop_catch(void);
void kd_stop_release(void);

/* The signal that came since kd_stop_catch, 0 if none. Any thread may ask. */
int kd_stop_signal(void);

#endif
