#include "support/load_driver.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace bench {

namespace {

constexpr std::chrono::minutes patience{5};

} // namespace

void wait_for(const std::future<void>& done) {
  if (done.wait_for(patience) == std::future_status::ready)
    return;
  fmt::print(stderr, "a load driver did not finish within {} min\n", patience.count());
  std::fflush(nullptr);
  std::_Exit(EXIT_FAILURE);
}

} // namespace bench
