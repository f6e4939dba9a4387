#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ottla::kafka {

/// Returns the candidate with the smallest edit distance to `text`. Of several such candidates,
/// returns the first. Returns nullopt if the distance is more than a third of the length of `text`.
/// Ignores the letters after the first 200, to bound the time.
std::optional<std::string> nearest(std::string_view text,
                                   const std::vector<std::string>& candidates);

} // namespace ottla::kafka
