#include "run/stop_at_signal.hpp"

#include <array>
#include <cstdint>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace command {

namespace {

void set(int event) {
  const std::uint64_t one = 1;
  static_cast<void>(::write(event, &one, sizeof one));
}

} // namespace

stop_at_signal::stop_at_signal(interruption& signals, ottla::application& app)
  : signals_{signals},
    app_{app},
    arrived_{eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)},
    unused_{eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)},
    watcher_{[this] { watch(); }} {}

stop_at_signal::~stop_at_signal() {
  set(unused_);
  watcher_.join();
  close(arrived_);
  close(unused_);
}

std::optional<int> stop_at_signal::signal() const noexcept {
  const auto number = signal_.load();
  return number == 0 ? std::nullopt : std::optional{number};
}

void stop_at_signal::watch() {
  std::array<pollfd, 2> all{pollfd{signals_.descriptor(), POLLIN, 0}, pollfd{unused_, POLLIN, 0}};
  while (true) {
    poll(all.data(), all.size(), -1);
    if (const auto number = signals_.signal()) {
      signal_ = *number;
      set(arrived_);
      app_.stop();
      return;
    }
    if (all[1].revents != 0)
      return;
  }
}

} // namespace command
