#include "brokers.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

namespace bench {

std::string brokers_of(const char* variable) {
  if (const auto* brokers = std::getenv(variable))
    return brokers;
  fmt::print(stderr, "{} must be the host:port of an Apache Kafka broker\n", variable);
  std::exit(EXIT_FAILURE);
}

} // namespace bench
