#include "run/interruption.hpp"

#include <csignal>
#include <cstdlib>
#include <sys/signalfd.h>
#include <unistd.h>

namespace command {

namespace {

sigset_t handled_signals() {
  sigset_t handled;
  sigemptyset(&handled);
  for (const int number : {SIGINT, SIGTERM}) {
    struct sigaction before {};
    sigaction(number, nullptr, &before);
    if (before.sa_handler != SIG_IGN)
      sigaddset(&handled, number);
  }
  return handled;
}

} // namespace

interruption::interruption() {
  const auto handled = handled_signals();
  pthread_sigmask(SIG_BLOCK, &handled, nullptr);
  descriptor_ = signalfd(-1, &handled, SFD_NONBLOCK | SFD_CLOEXEC);
}

interruption::~interruption() {
  if (descriptor_ >= 0)
    close(descriptor_);
}

std::optional<int> interruption::signal() {
  signalfd_siginfo arrived{};
  if (!signal_ && read(descriptor_, &arrived, sizeof arrived) == sizeof arrived) {
    signal_ = static_cast<int>(arrived.ssi_signo);
    release_signals();
  }
  return signal_;
}

void interruption::release_signals() {
  const auto handled = handled_signals();
  pthread_sigmask(SIG_UNBLOCK, &handled, nullptr);
}

void interruption::end_process(int number) {
  // As if the signal had not been blocked, so that a shell sees that a signal ended the process.
  release_signals();
  raise(number);
  std::_Exit(128 + number);
}

} // namespace command
