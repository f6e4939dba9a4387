#pragma once

#include <ottla/kafka/internal/group/group_context.hpp>
#include <ottla/kafka/internal/text/cut_text.hpp>
#include <ottla/kafka/internal/text/on_one_line.hpp>

#include <exception>
#include <string>
#include <vector>

namespace ottla::kafka {

/// Calls the program's hook, if any, with partitions that are given up. The observer gets what the
/// hook throws. The hook is not retried: the next owner of the partitions must not wait for it.
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
