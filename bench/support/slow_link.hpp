#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace bench {

/// A broker on loopback that seems to be far away: a proxy that hands on each byte after a delay.
/// Answers that name the broker's own port name the proxy's instead, so that clients stay on the
/// slow link.
class slow_link {
public:
  /// `broker` is 127.0.0.1:PORT, a cluster of one. Throws std::runtime_error where no port is free.
  slow_link(const std::string& broker, std::chrono::milliseconds one_way);
  ~slow_link();
  slow_link(const slow_link&) = delete;
  slow_link& operator=(const slow_link&) = delete;

  /// What clients take as brokers.
  const std::string& brokers() const noexcept;

private:
  class proxy;
  std::unique_ptr<proxy> proxy_;
};

} // namespace bench
