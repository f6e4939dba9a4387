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

// What a supervisor understands. Each is to be called:
//
//     ottla::call<ottla::child_result>(system, supervisor, 5s, ottla::start_child{spec});
//
// One that cannot be done is answered with OTP's error in the result; the call itself fails only
// where the supervisor is gone or silent. While a child is being started, those that start, restart
// or delete wait their turn.

namespace ottla {

/// What became of a request.
struct child_result {
  supervision_errc error = supervision_errc::none;
  /// Why not, in words.
  std::string text = {};
  /// The child; null for one that ignored its start or is gone. With already_started, whoever is
  /// there already.
  caf::actor process = {};

  explicit operator bool() const noexcept { return error == supervision_errc::none; }
};

/// Adds a child, and is answered with it when its init is done. One whose init fails is not added;
/// one that ignores its start is kept without a process, unless it is temporary. A spec that many
/// requests share is stored once.
struct start_child {
  start_child() = default;
  start_child(child_spec what) : spec{std::make_shared<const child_spec>(std::move(what))} {}
  start_child(std::shared_ptr<const child_spec> what) : spec{std::move(what)} {}

  std::shared_ptr<const child_spec> spec = {};
};

/// Takes on a process that runs already. Without a start function in its spec it can only be
/// temporary. Its name, if it has one, is claimed for it.
struct adopt_child {
  std::shared_ptr<const child_spec> spec = nullptr;
  caf::actor process = {};
};

/// Ends a child as its spec says, and is answered when it is gone. Its spec stays, unless it is
/// temporary or the supervisor dynamic. By id or by process; dynamic supervisors know processes
/// only. A child that waits for its restart gives that up; its group, if its strategy has one, then
/// stays down too.
struct terminate_child {
  std::string id = {};
  caf::actor process = {};
};

/// Starts a child that is down again.
struct restart_child {
  std::string id = {};
};

/// Forgets a child that is down.
struct delete_child {
  std::string id = {};
};

/// By id or by process. Answered with child_spec_found.
struct get_child_spec {
  std::string id = {};
  caf::actor process = {};
};

struct child_spec_found {
  supervision_errc error = supervision_errc::none;
  std::shared_ptr<const child_spec> spec = nullptr;

  explicit operator bool() const noexcept { return error == supervision_errc::none; }
};

/// Answered with child_list, in the order of their starts.
struct which_children {};

struct child_list {
  struct row {
    std::string id = {};
    child_status status = child_status::down;
    /// Null while it has none.
    caf::actor process = {};
    child_type type = child_type::worker;
  };
  std::vector<row> children = {};
};

/// Answered with child_counts.
struct count_children {};

struct child_counts {
  /// All children, whether they run or not.
  std::size_t specs = 0;
  /// Those that have a process.
  std::size_t active = 0;
  std::size_t supervisors = 0;
  std::size_t workers = 0;
};

/// Answered with the tree_node of the supervisor and everything below.
struct describe_tree {
  /// How long to wait for those below; whoever is silent by then stands there without what is
  /// below it.
  saturating<std::chrono::nanoseconds> within = std::chrono::seconds{1};
};

/// Sends each process_event of this supervisor's children to an actor, as long as both live. Not
/// answered. (All of an application's: application_spec::observer.)
struct subscribe {
  caf::actor who = {};
};
struct unsubscribe {
  caf::actor who = {};
};

} // namespace ottla

namespace ottla::detail {

/// A parent to itself: it has asked to be woken. `at` tells this timer from those made obsolete by
/// an earlier one.
struct wake_up {
  std::chrono::nanoseconds at{};
};

/// A parent to itself: this start function threw, or returned nothing.
struct start_refused {
  std::uint64_t key = 0;
  std::string text = {};
};

/// A parent to itself: this one was dead, but not yet done with its last callback.
struct look_again {
  caf::actor_addr whom = {};
  caf::error why = {};
};

/// A supervisor to itself: go on. Through the mailbox, so that a shutdown gets in between.
struct carry_on {};

} // namespace ottla::detail

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
OTTLA_MESSAGE(ottla_supervision, (ottla::detail::wake_up))
OTTLA_MESSAGE(ottla_supervision, (ottla::detail::start_refused))
OTTLA_MESSAGE(ottla_supervision, (ottla::detail::look_again))
OTTLA_MESSAGE(ottla_supervision, (ottla::detail::carry_on))
OTTLA_MESSAGES_END(ottla_supervision)
