#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ottla::kafka {

/// The candidate with the smallest edit distance to `text`, the first one of several. Returns
/// nullopt if more than a third of the letters differ. Ignores letters after the first 200, so that
/// a long text takes no long time.
std::optional<std::string> nearest(std::string_view text,
                                   const std::vector<std::string>& candidates);

} // namespace ottla::kafka
