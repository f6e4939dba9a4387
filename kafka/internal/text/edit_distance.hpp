#pragma once

#include <cstddef>
#include <string_view>

namespace ottla::kafka {

/// Number of bytes that must be changed, deleted or inserted to turn one text into the other.
std::size_t edit_distance(std::string_view one, std::string_view other);

} // namespace ottla::kafka
