#include "registry_lookup/growing.hpp"

#include <ctime>

namespace bench {

std::chrono::nanoseconds thread_time::now() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

} // namespace bench
