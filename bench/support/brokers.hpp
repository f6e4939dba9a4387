#pragma once

#include <string>

namespace bench {

/// Returns the value of this environment variable, the host:port of an Apache Kafka broker. If the
/// variable is not set, reports this on stderr and ends the process with status 1.
std::string brokers_of(const char* variable);

} // namespace bench
