#include "support/fresh_name.hpp"

#include <fmt/format.h>

#include <chrono>
#include <unistd.h>

namespace bench {

std::string fresh_name(std::string_view what) {
  static int last = 0;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return fmt::format("bench-{}-{}-{}-{}", what, getpid(), now.count(), ++last);
}

} // namespace bench
