#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/directory.hpp>
#include <ottla/actors/process_ref.hpp>
#include <ottla/supervision/process_event.hpp>
#include <ottla/supervision/supervisor_spec.hpp>
#include <ottla/supervision/tree_node.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ottla {

/// A whole program: the root of its tree, and how it runs.
struct application_spec {
  std::string id = {};
  ottla::strategy strategy = strategy::one_for_one;
  restart_limit restarts = {};
  ottla::auto_shutdown when_done = auto_shutdown::never;
  std::vector<child_spec> children = {};

  /// Gets each process_event, on the threads of the supervisors. Without an observer, `run` prints
  /// on stderr failed starts, crashes, kills, processes that hang, and supervisors that give up.
  process_observer observer = {};
  /// Longest time that a stop takes, whatever the children's shutdowns say. Shortly before its end,
  /// remaining processes are killed. After its end the tree is abandoned, stuck handlers included.
  /// Consumer groups and producers derive their deadlines from it. Records that are not stored and
  /// offsets that are not committed are given up 0.75 s before its end, or 15 % of it if that is
  /// less. Handlers are given up earlier.
  saturating<std::chrono::nanoseconds> stop_within = std::chrono::seconds{10};
  /// `handoff` is the fastest if short handlers send to one another; see ottla::scheduling.
  ottla::scheduling scheduling = scheduling::handoff;
  /// Threads of the actor system; 0 means one a core, and at least two.
  std::size_t threads = 0;
  /// Seed of the jitter of restart delays; nullopt for a random seed.
  std::optional<std::uint64_t> seed = {};
  /// Runs once when the tree has ended and its actor system still exists: join here the program's
  /// own threads that use the application. Runs on a thread of its own, within the deadline of the
  /// stop; in virtual time on the calling thread. Not called if the start fails, or if the tree
  /// does not end in time. An exception is reported in stop_report::killed.
  std::function<void()> join_threads = {};
  /// Whether SIGHUP stops `run` in order, as SIGINT and SIGTERM do.
  bool stop_on_hangup = false;
};

/// The outcome of a stop.
struct stop_report {
  /// Paths of processes that were killed because their own time or the stop's time ran out. Also
  /// background work that `run` cut short, and the exception of join_threads.
  std::vector<std::string> killed = {};
  /// What still keeps a thread or the actor system alive: paths of processes, join_threads,
  /// background work, and the number of actors outside the tree. A running handler cannot be
  /// interrupted.
  std::vector<std::string> left = {};
  /// What processes had to leave undone, by path: records without a report, acknowledgements that
  /// were not committed. For example
  /// `orders/producing/shared_producer: 7 of 9 records were not confirmed`. A process that crashed
  /// when it was asked to end is listed too: `orders/db: crashed: disk full`.
  std::vector<std::string> unfinished = {};

  /// True if everything ended in order, and nothing was left undone.
  explicit operator bool() const noexcept {
    return killed.empty() && left.empty() && unfinished.empty();
  }
};

/// A running tree, in an actor system of its own or in one of the program.
///
/// Thread safety: call from any thread outside the actor system. Only one stop may run at a time.
class application {
public:
  /// Starts the tree and waits until all of it is up. Up does not mean connected: a broker that
  /// cannot be reached delays no start. Throws std::runtime_error with the reason if a start fails;
  /// nothing is left then. If the program exits on another thread meanwhile, the tree is stopped,
  /// and the constructor returns when the tree has ended.
  explicit application(application_spec spec);

  /// The same in an actor system of the program, which must outlive the application. `scheduling`
  /// and `threads` are ignored. Call init_message_types() before creating the system.
  ///
  /// In the system of a virtual_time this runs the actors on the calling thread, and advances
  /// virtual time, until the start is complete. So do stop() and tree(). Throws if nothing is
  /// left that can complete the start.
  application(caf::actor_system& system, application_spec spec);

  /// Stops the tree unless it has stopped. Prints on stderr the names of processes that do not stop
  /// in time. The application's own actor system is then left behind, since its end would wait for
  /// those processes for ever. The system is also left behind if it is still in use after another
  /// stop_within. A thread with a scoped_actor of CAF's, or a handle of a detached process, keeps
  /// it in use.
  ///
  /// An application may be a static object. If it still runs when the program exits, it is stopped
  /// before the libraries that its start has set up are torn down. In a forked child the
  /// destructor, stop() and tree() do nothing.
  ~application();
  application(const application&) = delete;
  application& operator=(const application&) = delete;

  /// The directory of this application. Connections are mounted below their own names.
  const std::shared_ptr<directory>& names() const noexcept;

  /// The process with that name, looked up at each use.
  process_ref find(std::string name) const { return {names(), std::move(name)}; }

  /// The current tree; nullopt if it has ended or does not answer within a few seconds.
  std::optional<tree_node> tree() const;

  /// Why the root ended; nullopt while it runs.
  std::optional<exit_reason> ended() const;

  /// Runs `then` when the root has ended, for whatever reason, on a thread of the actor system.
  /// Runs it at once, on the calling thread, if the root has already ended. `then` must be quick.
  void when_ended(std::function<void()> then);

  /// Stops the tree in reverse order of its start, and waits for all of it. In a system of its own,
  /// also waits for every other actor. The calling thread keeps the deadline, stop_within. Another
  /// call waits again for those that were left. Kafka handles keep leaving their groups on threads
  /// of their own: only `run` waits for them, other programs call await_reaped.
  const stop_report& stop();

  caf::actor_system& system();

private:
  struct implementation;
  explicit application(std::unique_ptr<implementation> impl);
  void launch(application_spec spec);
  int stop_for_run(const std::optional<exit_reason>& why);
  friend int run(application_spec spec, const std::function<void(application&)>& started);

  std::unique_ptr<implementation> impl_;
};

/// Runs an application until it ends by itself or SIGINT or SIGTERM arrives. The signal stops it in
/// order, during the start too. A second signal, 200 ms later or more, ends the process at once.
///
/// Returns an exit status for main: 0 after an orderly end, otherwise 1. The status is 1 if the
/// start failed or the root gave up. It is also 1 if a process was killed at the end or crashed
/// when asked to end, or if work was left undone. A line on stderr says which. If the tree is still
/// up after stop_within, `run` prints what is stuck. It then gives the buffers of stdio a quarter
/// of a second, and calls _Exit(1).
///
/// The deadline includes Kafka handles, which leave their groups after the tree has ended. After
/// that the exit of the process waits for nothing of ottla.
///
/// If the program exits meanwhile, by exit() on a thread outside the actor system or by a return
/// from main, `run` stops in order too. The exit waits for the stop, prints what was not done, and
/// keeps its status. A `run` on the main thread does not return then.
///
/// A signal that was ignored before, as under nohup, stays ignored. A signal that every thread
/// blocks is never delivered. A process can have only one run at a time: the start of a second one
/// fails.
///
/// `started` is called once, on this thread, when all of the tree is up. A signal that arrives
/// meanwhile takes effect when `started` returns.
int run(application_spec spec, const std::function<void(application&)>& started = {});

} // namespace ottla
