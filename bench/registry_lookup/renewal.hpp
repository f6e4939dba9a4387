#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <thread>

namespace bench {

/// A thread that renews 10 k names per second until the object is destroyed. Each millisecond the
/// thread renews the names that are due by the clock.
class renewal {
public:
  static constexpr std::chrono::microseconds pause{100};

  /// Calls `renew(n)` for n = 0, 1, ...
  template <class Renew>
  explicit renewal(Renew renew)
    : thread_{[this, renew](const std::stop_token& stop) {
        const auto begin = std::chrono::steady_clock::now();
        for (std::size_t done = 0; !stop.stop_requested();) {
          const auto due
            = static_cast<std::size_t>((std::chrono::steady_clock::now() - begin) / pause);
          for (; done < due && !stop.stop_requested(); ++done)
            renew(done);
          done_.store(done, std::memory_order_relaxed);
          std::this_thread::sleep_for(std::chrono::milliseconds{1});
        }
      }} {}

  /// Number of renewals until now.
  std::size_t done() const noexcept { return done_.load(std::memory_order_relaxed); }

private:
  std::atomic<std::size_t> done_ = 0;
  std::jthread thread_;
};

} // namespace bench
