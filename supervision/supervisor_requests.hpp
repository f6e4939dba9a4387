#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/type_ids.hpp>
#include <ottla/supervision/child_spec.hpp>
#include <ottla/supervision/process_event.hpp>
#include <ottla/supervision/supervision_errc.hpp>
#include <ottla/supervision/tree_node.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

// The requests to a supervisor. Send them with `call`:
//
//     ottla::call<ottla::child_result>(system, supervisor, 5s, ottla::start_child{spec});
//
// A rejected request is answered with OTP's error in the result. The call itself fails only if the
// supervisor is dead or does not answer. While a child starts, requests to start, restart or delete
// a child wait their turn. dynamic_supervisor_spec.hpp says what differs for dynamic supervisors.

namespace ottla {

/// The outcome of a request.
struct child_result {
  supervision_errc error = supervision_errc::none;
  /// The reason for a failure, in words.
  std::string text = {};
  /// The child. With already_started, the existing process. Null if the child ignored its start or
  /// has ended.
  caf::actor process = {};

  explicit operator bool() const noexcept { return error == supervision_errc::none; }
};

/// Adds a child. The answer comes when the child's init is done. A child whose init fails is not
/// added. A child that ignores its start is kept without a process, unless the child is temporary.
/// Many requests can share one spec through a shared_ptr.
struct start_child {
  start_child() = default;
  start_child(child_spec what) : spec{std::make_shared<const child_spec>(std::move(what))} {}
  start_child(std::shared_ptr<const child_spec> what) : spec{std::move(what)} {}

  std::shared_ptr<const child_spec> spec = {};
};

/// Adopts a running process as a child. A child without a start function must be temporary. The
/// supervisor claims the spec's name for the process.
struct adopt_child {
  std::shared_ptr<const child_spec> spec = nullptr;
  caf::actor process = {};
};

/// Ends a child as its spec says. The answer comes when the child has ended. The supervisor keeps
/// the spec, unless the child is temporary. Takes an id or a process. If the child waits for its
/// restart, the request cancels the restart. With one_for_all and rest_for_one, the group that
/// waits for this child's restart stays down too.
struct terminate_child {
  std::string id = {};
  caf::actor process = {};
};

/// Starts a child that is down.
struct restart_child {
  std::string id = {};
};

/// Removes a child that is down.
struct delete_child {
  std::string id = {};
};

/// Finds the spec of a child, by id or by process. Answered with child_spec_found.
struct get_child_spec {
  std::string id = {};
  caf::actor process = {};
};

struct child_spec_found {
  supervision_errc error = supervision_errc::none;
  std::shared_ptr<const child_spec> spec = nullptr;

  explicit operator bool() const noexcept { return error == supervision_errc::none; }
};

/// Lists the children in the order of their starts. Answered with child_list.
struct which_children {};

struct child_list {
  struct row {
    std::string id = {};
    child_status status = child_status::down;
    /// Null if the child has no process.
    caf::actor process = {};
    child_type type = child_type::worker;
  };
  std::vector<row> children = {};
};

/// Counts the children. Answered with child_counts.
struct count_children {};

struct child_counts {
  /// All children, whether they run or not.
  std::size_t specs = 0;
  /// Children that have a process.
  std::size_t active = 0;
  std::size_t supervisors = 0;
  std::size_t workers = 0;
};

/// Dumps the supervisor's subtree. Answered with its tree_node.
struct describe_tree {
  /// How long to wait for the supervisors below. A supervisor that does not answer within this time
  /// appears without its children.
  saturating<std::chrono::nanoseconds> within = std::chrono::seconds{1};
};

/// Sends each process_event of this supervisor's children to `who`, while both live. Not answered.
/// For the events of a whole application use application_spec::observer.
struct subscribe {
  caf::actor who = {};
};
struct unsubscribe {
  caf::actor who = {};
};

} // namespace ottla

OTTLA_MESSAGES_BEGIN(ottla_supervision, ottla::supervision_type_ids)
OTTLA_MESSAGE(ottla_supervision, (ottla::process_event))
OTTLA_MESSAGE(ottla_supervision, (ottla::tree_node))
OTTLA_MESSAGE(ottla_supervision, (ottla::child_result))
OTTLA_MESSAGE(ottla_supervision, (ottla::start_child))
OTTLA_MESSAGE(ottla_supervision, (ottla::adopt_child))
OTTLA_MESSAGE(ottla_supervision, (ottla::terminate_child))
OTTLA_MESSAGE(ottla_supervision, (ottla::restart_child))
OTTLA_MESSAGE(ottla_supervision, (ottla::delete_child))
OTTLA_MESSAGE(ottla_supervision, (ottla::get_child_spec))
OTTLA_MESSAGE(ottla_supervision, (ottla::child_spec_found))
OTTLA_MESSAGE(ottla_supervision, (ottla::which_children))
OTTLA_MESSAGE(ottla_supervision, (ottla::child_list))
OTTLA_MESSAGE(ottla_supervision, (ottla::count_children))
OTTLA_MESSAGE(ottla_supervision, (ottla::child_counts))
OTTLA_MESSAGE(ottla_supervision, (ottla::describe_tree))
OTTLA_MESSAGE(ottla_supervision, (ottla::subscribe))
OTTLA_MESSAGE(ottla_supervision, (ottla::unsubscribe))
OTTLA_MESSAGES_END(ottla_supervision)
