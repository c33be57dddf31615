/* SPDX-License-Identifier: MIT
 *
 * See stop.h. An atomic int without a lock is what a handler may write and threads read.
 */
#include "stop.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
enum { N_SIGNALS = sizeof signals / sizeof *signals };

static atomic_int came;
static bool caught[N_SIGNALS];
static struct sigaction before[N_SIGNALS];

static void note(int signal) {
  atomic_store(&came, signal);
}

void kd_stop_catch(void) {
  struct sigaction action = {.sa_handler = note, .sa_flags = (int)SA_RESETHAND | SA_RESTART};
  sigemptyset(&action.sa_mask);
  atomic_store(&came, 0);
  for (size_t i = 0; i < N_SIGNALS; i++) {
    caught[i] = sigaction(signals[i], NULL, &before[i]) == 0 &&
                before[i].sa_handler != SIG_IGN && sigaction(signals[i], &action, NULL) == 0;
  }
}

void kd_stop_release(void) {
  for (size_t i = 0; i < N_SIGNALS; i++)
    if (caught[i]) sigaction(signals[i], &before[i], NULL);
}

int kd_stop_signal(void) {
  return atomic_load(&came);
}
