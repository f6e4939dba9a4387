#pragma once

#include <map>
#include <string>

namespace ottla::kafka {

/// Names and values of environment variables.
using environment = std::map<std::string, std::string>;

/// The variables of this process. Call before other threads change them.
environment process_environment();

} // namespace ottla::kafka
