#pragma once

#include <ottla/kafka/client/cut_text.hpp>
#include <ottla/kafka/client/on_one_line.hpp>
#include <ottla/kafka/group/group_context.hpp>

#include <exception>
#include <string>
#include <vector>

namespace ottla::kafka {

/// Tells the program's hook, if any, that these are given up. What it throws is told, and changes
/// nothing: they are, and whoever waits for them must not wait for the hook's next try.
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
