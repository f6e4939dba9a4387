#include "support/process_usage.hpp"

#include <sys/resource.h>
#include <sys/time.h>

namespace bench {

namespace {

std::chrono::duration<double> to_duration(const timeval& time) {
  return std::chrono::seconds{time.tv_sec} + std::chrono::microseconds{time.tv_usec};
}

} // namespace

process_usage usage_now() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return {std::chrono::steady_clock::now().time_since_epoch(),
          to_duration(used.ru_utime) + to_duration(used.ru_stime)};
}

} // namespace bench
