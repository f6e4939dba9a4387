#pragma once

#include <string>

namespace bench {

/// What this variable of the environment holds: an Apache Kafka, host:port. Where it is not set,
/// says so on stderr and ends the process with 1.
std::string brokers_of(const char* variable);

} // namespace bench
