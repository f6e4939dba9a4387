#pragma once

#include <string>
#include <string_view>

namespace bench {

/// A name for topic, group or both that no other run has. Call from one thread.
std::string fresh_name(std::string_view what);

} // namespace bench
