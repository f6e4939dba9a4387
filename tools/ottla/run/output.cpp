#include "run/output.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <cstring>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace command {

namespace {

constexpr std::size_t buffer_bytes = 64 * 1024;

/// POSIX: a pipe that poll() reports as writable takes this many bytes without a wait.
constexpr std::size_t never_blocks = 4096;
static_assert(never_blocks <= PIPE_BUF);

} // namespace

output::output(int descriptor)
  : descriptor_{descriptor}, cancelled_{eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)} {}

output::~output() {
  close(cancelled_);
}

void output::cancel() noexcept {
  const std::uint64_t one = 1;
  static_cast<void>(::write(cancelled_, &one, sizeof one));
}

void output::write(std::string_view text) {
  if (!is_good())
    return;
  buffer_ += text;
  if (buffer_.size() >= buffer_bytes)
    flush();
}

void output::flush() {
  std::string_view rest = buffer_;
  while (is_good() && !rest.empty()) {
    std::array<pollfd, 2> ready{pollfd{descriptor_, POLLOUT, 0}, pollfd{cancelled_, POLLIN, 0}};
    if (poll(ready.data(), ready.size(), -1) < 0)
      continue;
    if (ready[0].revents == 0) {
      state_ = state::closed;
      break;
    }
    const auto written = ::write(descriptor_, rest.data(), std::min(rest.size(), never_blocks));
    if (written >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EPIPE) {
      state_ = state::closed;
    } else if (errno != EINTR && errno != EAGAIN) {
      state_ = state::failed;
      fault_ = std::string{"the output cannot be written: "} + std::strerror(errno);
    }
  }
  buffer_.clear();
}

} // namespace command
