#pragma once

#include <chrono>
#include <cstdlib>

namespace ottla::test {

/// How many seconds a test case may take before the case watchdog ends the test program. A case
/// that needs longer uses doctest's timeout decorator.
inline double seconds_a_case() {
  // Slow runs set the variable, for example under valgrind.
  if (const auto* set = std::getenv("OTTLA_CASE_SECONDS"))
    return std::atof(set);
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return 300;
#else
  return 20;
#endif
}

/// How long a test waits for an event that normally occurs at once. Half the timeout of a case, so
/// that the assertion after the wait fails before the case watchdog ends the program.
inline std::chrono::milliseconds patience() {
  return std::chrono::round<std::chrono::milliseconds>(
    std::chrono::duration<double>(seconds_a_case() / 2));
}

} // namespace ottla::test
