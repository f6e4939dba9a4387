#pragma once

#include <ottla/kafka/group/group_context.hpp>

#include <vector>

namespace ottla::kafka {

/// Tells the program's hook, if any, that these are given up. What it throws goes to the caller.
inline void tell_revoked(const group_context& of, const std::vector<topic_partition>& ended) {
  if (const auto& hook = of.settings.assignments_revoked; hook && !ended.empty())
    hook(ended);
}

} // namespace ottla::kafka
