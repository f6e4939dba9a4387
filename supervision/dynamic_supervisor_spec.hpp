#pragma once

#include <ottla/supervision/child_spec.hpp>
#include <ottla/supervision/restart_limit.hpp>
#include <ottla/supervision/supervisor_requests.hpp>

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace ottla {

/// A supervisor whose children are added and removed at run time, like Elixir's DynamicSupervisor
/// and OTP's simple_one_for_one. Use it for one process for each connection or user. The supervisor
/// starts without children, and requests add them:
///
///     ottla::application app{
///       {.id = "chat", .children = {ottla::dynamic_supervisor_spec{.id = "sessions",
///                                                                  .name = "sessions"}}}};
///     const auto added = ottla::call<ottla::child_result>(
///       app.system(), app.find("sessions"), 5s,
///       ottla::start_child{{.id = "session",
///                           .start = ottla::start<session>(socket),
///                           .restart = ottla::restart_policy::temporary}});
///     const auto ended = ottla::call<ottla::child_result>(
///       app.system(), app.find("sessions"), 5s,
///       ottla::terminate_child{.process = added->process});
///
/// Children have no order, so they start and stop concurrently. Ids need not be unique, since the
/// supervisor identifies children by process. The supervisor forgets a child that ends and is not
/// restarted. The requests of supervisor_requests.hpp have these effects:
///
///   - start_child adds a child. The answer comes when the child's init is done. A child whose init
///     fails, or that ignores its start, is not added.
///   - terminate_child ends a child and forgets it. If the child waits for its restart, give the
///     process of its last run.
///   - adopt_child adds a process that already runs.
///   - get_child_spec finds the spec of a child that runs.
///   - restart_child, delete_child and all requests by id fail with simple_one_for_one.
///
/// One process starts all children. If its starts are the bottleneck, run several dynamic
/// supervisors as the copies of a partition_supervisor_spec.
struct dynamic_supervisor_spec {
  std::string id = {};
  restart_limit restarts = {};
  /// Upper bound of the number of children, including children that wait for their restart. At the
  /// bound, start_child and adopt_child fail with supervision_errc::max_children.
  std::size_t max_children = std::numeric_limits<std::size_t>::max();
  /// The supervisor's name for look-ups, as child_spec::name. Empty for no name.
  std::string name = {};

  operator child_spec() const;
};

/// All faults of a spec, one line each. Empty if there are none.
std::vector<std::string> validate(const dynamic_supervisor_spec& spec);

} // namespace ottla
