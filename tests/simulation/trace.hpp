#pragma once

#include "clockwork.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>

namespace ottla::kafka::simulation {

/// Log of a simulated life: one line per event, which begins with the virtual time. Lines are
/// formatted only if a digest or the lines are wanted.
class trace {
public:
  enum class wanted { nothing, digest, lines };

  trace(const clockwork& clock, wanted what) : clock_{clock}, what_{what} {}

  template <class... Args>
  void line(fmt::format_string<Args...> text, Args&&... args) {
    if (what_ == wanted::nothing) [[likely]]
      return;
    const auto now = clock_.now().count();
    add(fmt::format("{:>5}.{:06} ", now / 1'000'000, now % 1'000'000)
        + fmt::format(text, std::forward<Args>(args)...));
  }

  /// Digest of all lines. Two runs of one seed must have the same digest.
  std::uint64_t digest() const noexcept { return digest_; }

private:
  void add(const std::string& line) {
    for (const char each : line)
      digest_ = (digest_ ^ static_cast<unsigned char>(each)) * 0x100000001b3U;
    if (what_ == wanted::lines)
      std::printf("%s\n", line.c_str());
  }

  const clockwork& clock_;
  wanted what_;
  std::uint64_t digest_ = 0xcbf29ce484222325U;
};

} // namespace ottla::kafka::simulation
