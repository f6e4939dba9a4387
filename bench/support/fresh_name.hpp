#pragma once

#include <string>
#include <string_view>

namespace bench {

/// A name for a topic, a group or both that no other run uses. Call from one thread.
std::string fresh_name(std::string_view what);

} // namespace bench
