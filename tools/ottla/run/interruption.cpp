#include "run/interruption.hpp"

#include <csignal>
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
    const auto handled = handled_signals();
    pthread_sigmask(SIG_UNBLOCK, &handled, nullptr);
  }
  return signal_;
}

} // namespace command
