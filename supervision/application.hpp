#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/directory.hpp>
#include <ottla/actors/process_event.hpp>
#include <ottla/actors/process_ref.hpp>
#include <ottla/supervision/supervisor_spec.hpp>
#include <ottla/supervision/tree_node.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ottla {

/// A whole program: the root of its tree, and how it runs.
struct application_spec {
  std::string id;
  ottla::strategy strategy = strategy::one_for_one;
  restart_limit restarts = {};
  ottla::auto_shutdown when_done = auto_shutdown::never;
  std::vector<child_spec> children = {};

  /// Told of starts, restarts, and the ends that no supervisor asked for, on the threads of the
  /// supervisors. Without one, `run` prints failed starts and crashes on stderr.
  process_observer observer = {};
  /// Longest that a stop takes. Past it the tree is left as it stands, stuck handlers and all.
  std::chrono::nanoseconds stop_within = std::chrono::seconds{10};
  /// `sharing` costs the least for trees that mostly wait; see docs/architecture.md.
  ottla::scheduling scheduling = scheduling::sharing;
  /// Threads of the actor system; 0: one a core, two at least.
  std::size_t threads = 0;
};

/// A running tree in an actor system of its own.
///
/// Thread safety: call from any thread that is no actor's. Only one stop may run at a time.
class application {
public:
  /// Starts the tree and waits until all of it is up, which does not mean connected: a broker that
  /// cannot be reached holds no start up. Throws std::runtime_error with the reason where a start
  /// fails; nothing is left then.
  explicit application(application_spec spec);

  /// Stops, if nobody did.
  ~application();
  application(const application&) = delete;
  application& operator=(const application&) = delete;

  /// The names of this application; connections are mounted below their own.
  const std::shared_ptr<directory>& names() const noexcept;

  /// The process of that name, looked up at each use.
  process_ref find(std::string name) const { return {names(), std::move(name)}; }

  /// The tree as it stands; nothing if it has ended or does not answer within a few seconds.
  std::optional<tree_node> tree() const;

  /// Why the root ended; nothing while it runs.
  std::optional<exit_reason> ended() const;

  /// Runs `then` on a thread of the system's when the root has ended, however; at once if it has.
  /// It must be quick.
  void when_ended(std::function<void()> then);

  /// Stops the tree in reverse order of its start, and waits for every actor of the system. False:
  /// that took longer than stop_within.
  bool stop();

  caf::actor_system& system();

private:
  struct running;
  std::unique_ptr<running> it_;
};

/// Runs an application until it ends by itself or SIGINT or SIGTERM arrives, which stops it in
/// order; a second signal, 200 ms later or more, ends the process at once. Answers an exit status
/// for main: 0 after an orderly end, 1 where the start failed, the root gave up or the stop took
/// too long. A line on stderr says which.
///
/// `started` is called once, on this thread, when all of the tree is up.
int run(application_spec spec, const std::function<void(application&)>& started = {});

} // namespace ottla
