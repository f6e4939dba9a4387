#pragma once

#include <chrono>

// Units and limits for tests of the extreme values of durations.

namespace ottla::kafka::test {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;
using double_seconds = std::chrono::duration<double>;

inline constexpr auto longest_ms = milliseconds::max();
inline constexpr auto shortest_ms = milliseconds::min();

} // namespace ottla::kafka::test
