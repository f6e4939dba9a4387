#include "run/output.hpp"

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <poll.h>
#include <unistd.h>

namespace command {

namespace {

constexpr std::size_t buffer_bytes = 64 * 1024;

} // namespace

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
    const auto written = ::write(descriptor_, rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      // Another program has made the pipe or terminal non-blocking.
      pollfd ready{descriptor_, POLLOUT, 0};
      poll(&ready, 1, -1);
    } else if (errno == EPIPE) {
      state_ = state::closed;
    } else if (errno != EINTR) {
      state_ = state::failed;
      fault_ = std::string{"the output cannot be written: "} + std::strerror(errno);
    }
  }
  buffer_.clear();
}

} // namespace command
