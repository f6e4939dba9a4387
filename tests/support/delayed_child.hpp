#pragma once

#include <ottla/supervision/supervisor_spec.hpp>

#include "tree.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace ottla::test {

inline constexpr backoff_settings after_a_second{
  .first = std::chrono::seconds{1}, .longest = std::chrono::seconds{4}, .at_once = 0};

/// A limit that no test of restart delays reaches.
inline constexpr restart_limit many{.at_most = 100, .within = std::chrono::hours{1}};

inline child_spec delayed(child_spec spec, backoff_settings delay = after_a_second) {
  spec.restart_delay = delay;
  return spec;
}

/// A supervisor `top` whose restart limit no test of restart delays reaches.
inline supervisor_spec top_of(strategy how, std::vector<child_spec> children) {
  return {.id = "top", .strategy = how, .restarts = many, .children = std::move(children)};
}

inline child_status status_of(stage& on, const caf::actor& supervisor, const std::string& id) {
  const auto list = ask<child_list>(on, supervisor, which_children{}).answer.value().children;
  return std::ranges::find(list, id, &child_list::row::id)->status;
}

} // namespace ottla::test
