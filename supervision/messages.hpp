#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/type_ids.hpp>
#include <ottla/supervision/child_spec.hpp>
#include <ottla/supervision/tree_node.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace ottla {

/// To any supervisor: answered with the tree_node of it and everything below.
struct describe_tree {
  /// How long to wait for those below; whoever is silent by then stands there without what is
  /// below it.
  std::chrono::nanoseconds within = std::chrono::seconds{1};
};

/// To a dynamic supervisor: answered with child_started when init is done, or with an error whose
/// text says why not.
struct start_child {
  child_spec spec = {};
};

struct child_started {
  caf::actor process = {};
};

/// To a dynamic supervisor: ends the child as its spec says and forgets it. Answered with
/// child_terminated when it is gone; at once where it is unknown.
struct terminate_child {
  caf::actor process = {};
};

struct child_terminated {
  bool was_there = false;
};

/// To a dynamic supervisor: answered with the processes it has, oldest first.
struct list_children {};

struct child_list {
  struct row {
    std::string id;
    caf::actor process;
  };
  std::vector<row> children = {};
};

} // namespace ottla

namespace ottla::detail {

/// A parent to itself: a deadline may have passed. `at` tells this timer from those made obsolete
/// by an earlier one.
struct deadline_passed {
  std::chrono::nanoseconds at{};
};

/// A parent to itself: this start function threw, or returned nothing.
struct start_refused {
  std::uint64_t key = 0;
  std::string text = {};
};

/// A supervisor to itself: go on. Through the mailbox, so that a shutdown gets in between.
struct carry_on {};

} // namespace ottla::detail

OTTLA_MESSAGES_BEGIN(ottla_supervision, ottla::supervision_type_ids)
OTTLA_MESSAGE(ottla_supervision, (ottla::describe_tree))
OTTLA_MESSAGE(ottla_supervision, (ottla::tree_node))
OTTLA_MESSAGE(ottla_supervision, (ottla::start_child))
OTTLA_MESSAGE(ottla_supervision, (ottla::child_started))
OTTLA_MESSAGE(ottla_supervision, (ottla::terminate_child))
OTTLA_MESSAGE(ottla_supervision, (ottla::child_terminated))
OTTLA_MESSAGE(ottla_supervision, (ottla::list_children))
OTTLA_MESSAGE(ottla_supervision, (ottla::child_list))
OTTLA_MESSAGE(ottla_supervision, (ottla::detail::deadline_passed))
OTTLA_MESSAGE(ottla_supervision, (ottla::detail::start_refused))
OTTLA_MESSAGE(ottla_supervision, (ottla::detail::carry_on))
OTTLA_MESSAGES_END(ottla_supervision)
