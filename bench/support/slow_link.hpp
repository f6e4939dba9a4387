#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace bench {

/// Makes a broker on loopback seem far away: a proxy that forwards each byte after a delay. The
/// proxy replaces the broker's port in responses by its own, so that clients stay on the slow link.
class slow_link {
public:
  /// `broker` is 127.0.0.1:PORT, a cluster of one. Throws std::runtime_error for another host, or
  /// if the proxy cannot listen.
  slow_link(const std::string& broker, std::chrono::milliseconds one_way);
  ~slow_link();
  slow_link(const slow_link&) = delete;
  slow_link& operator=(const slow_link&) = delete;

  /// The bootstrap address for clients.
  const std::string& brokers() const noexcept;

private:
  class proxy;
  std::unique_ptr<proxy> proxy_;
};

} // namespace bench
