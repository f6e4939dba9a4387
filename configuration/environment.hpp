#pragma once

#include <map>
#include <string>

namespace ottla::kafka {

/// Names and values of environment variables.
using environment = std::map<std::string, std::string>;

/// Returns a copy of the variables of this process. No other thread may change a variable during
/// the call.
environment process_environment();

} // namespace ottla::kafka
