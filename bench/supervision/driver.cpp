#include "supervision/driver.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace bench {

namespace {

constexpr std::chrono::minutes patience{5};

} // namespace

std::string_view to_string(ottla::scheduling policy) {
  switch (policy) {
    case ottla::scheduling::handoff: return "handoff";
    case ottla::scheduling::sharing: return "sharing";
    case ottla::scheduling::stealing: return "stealing";
  }
  return "unknown";
}

void wait_for(const std::future<void>& done) {
  if (done.wait_for(patience) == std::future_status::ready)
    return;
  fmt::print(stderr, "a driver did not finish within {} min\n", patience.count());
  std::fflush(nullptr);
  std::_Exit(EXIT_FAILURE);
}

} // namespace bench
