#include "app/stop_signal.h"

#include <signal.h>

#include <initializer_list>

#include "app/commands.h"

namespace equipoise::app {
namespace {

volatile sig_atomic_t g_signal = 0;

void Die(int signal) {
  struct sigaction usual {};
  usual.sa_handler = SIG_DFL;
  ::sigaction(signal, &usual, nullptr);
  ::raise(signal);  // from a handler: as soon as it has returned
}

void Remember(int signal) {
  if (g_signal == 0)
    g_signal = signal;
  else if (signal == SIGINT)
    Die(signal);  // a person who has waited long enough
}

}  // namespace

void IgnoreWriteSignals() {
  for (const int signal : {SIGPIPE, SIGXFSZ}) ::signal(signal, SIG_IGN);
}

void CatchStopSignals() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU}) {
    struct sigaction before {};
    if (::sigaction(signal, nullptr, &before) != 0 || before.sa_handler == SIG_IGN) continue;
    struct sigaction action {};
    action.sa_handler = Remember;
    action.sa_flags = SA_RESTART;
    ::sigaction(signal, &action, nullptr);
  }
}

int StopSignal() { return g_signal; }

int EndAsAsked(int code) {
  if (g_signal == SIGINT && (code == kOk || code == kAskedToStop)) Die(SIGINT);
  return code;
}

}  // namespace equipoise::app
