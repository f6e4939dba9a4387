#pragma once

#include <ottla/kafka/connection.hpp>
#include <ottla/kafka/internal/connection_on.hpp>
#include <ottla/kafka/internal/settings/connection_check.hpp>

#include <memory>
#include <string>
#include <vector>

namespace ottla::kafka::test {

/// A connection that uses a driver of the test instead of librdkafka's.
struct driven_connection : connection {
  std::shared_ptr<kafka::driver> driver = nullptr;

  operator child_spec() const { return connection_on(driver, *this); }
};

inline std::vector<std::string> validate(const driven_connection& settings) {
  return check_connection(settings, false);
}

} // namespace ottla::kafka::test
