#pragma once

#include <ottla/kafka/internal/group/group_context.hpp>
#include <ottla/kafka/internal/text/cut_text.hpp>
#include <ottla/kafka/internal/text/on_one_line.hpp>

#include <exception>
#include <string>
#include <vector>

namespace ottla::kafka {

/// Calls the program's assignments_revoked, if set, with partitions that were given up. Reports an
/// exception of the hook to the observer. The hook is not retried, since a retry would delay the
/// next owner of the partitions.
inline void tell_revoked(const group_context& of, const std::vector<topic_partition>& ended) {
  const auto& hook = of.settings.assignments_revoked;
  if (!hook || ended.empty())
    return;
  try {
    hook(ended);
  } catch (const std::exception& thrown) {
    of.observer->failed(
      {.text = "assignments_revoked threw: " + on_one_line(cut_text(thrown.what()))});
  } catch (...) {
    of.observer->failed({.text = "assignments_revoked threw"});
  }
}

} // namespace ottla::kafka
