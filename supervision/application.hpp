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

struct application_spec;
class application;

/// Runs a program until its root ends or SIGINT or SIGTERM arrives, and then stops the program
/// within stop_within. Calls `started` once, on this thread, when every process of the tree is up.
/// Returns an exit status for main.
///
///     int main() {
///       return ottla::run(
///         {.id = "shop", .children = {{.id = "summer", .start = ottla::start<summer>()}}},
///         [](ottla::application&) { fmt::print("the shop is open\n"); });
///     }
///
/// The status is 0 after an orderly end, otherwise 1. It is 1 in each of these cases: the start
/// failed; the root gave up; the stop killed a process or cut work short; a process crashed during
/// the stop or left work unfinished; join_threads threw; or something did not end in time. A line
/// on stderr gives the cause.
///
/// A program can have only one `run` at a time. A second `run` fails at its start. The end of this
/// file lists rare cases.
int run(application_spec spec, const std::function<void(application&)>& started = {});

/// A whole program: the root of its tree, and how it runs.
struct application_spec {
  /// Id and name of the root, and the first part of every path.
  std::string id = {};
  ottla::strategy strategy = strategy::one_for_one;
  restart_limit restarts = {};
  ottla::auto_shutdown when_done = auto_shutdown::never;
  std::vector<child_spec> children = {};

  /// Called with each process_event, on the threads of the supervisors. Without an observer, `run`
  /// prints on stderr: failed starts, crashes, kills, processes that hang, and supervisors that
  /// give up.
  process_observer observer = {};
  /// Upper bound of a stop, whatever child_spec::shutdown says. A stop has these steps:
  ///
  ///   1. The children end in reverse order of their starts, each as its child_spec says.
  ///   2. Consumer groups and producers give up unstored records and uncommitted offsets 0.75 s
  ///      before the bound, or 15 % of stop_within if this is shorter. Consumer groups give up
  ///      handlers earlier. Decision 0038 has the times.
  ///   3. The application kills the remaining processes 0.5 s before the bound, or a tenth of
  ///      stop_within if this is shorter.
  ///   4. If the tree has ended, join_threads runs. `run` then waits for Kafka handles that still
  ///      leave their groups.
  ///   5. At the bound the application abandons the rest, including stuck handlers. stop_report
  ///      names the processes that did not end in time, and everything that was abandoned.
  saturating<std::chrono::nanoseconds> stop_within = std::chrono::seconds{10};
  /// `handoff` is the fastest choice for short handlers that send to one another. See
  /// ottla::scheduling.
  ottla::scheduling scheduling = scheduling::handoff;
  /// Threads of the actor system. 0 means one for each core, at least two.
  std::size_t threads = 0;
  /// Seed of the jitter of restart delays; nullopt for a random seed.
  std::optional<std::uint64_t> seed = {};
  /// Called once, after the tree has ended and before its actor system ends, to join the program's
  /// own threads that use the application. Runs on a thread of its own, within the deadline of the
  /// stop. Not called if the start fails, or if the tree does not end in time. stop_report::killed
  /// reports an exception.
  std::function<void()> join_threads = {};
  /// Whether SIGHUP stops `run` in an orderly way, as SIGINT and SIGTERM do.
  bool stop_on_hangup = false;
};

/// The outcome of a stop.
struct stop_report {
  /// Paths of processes that were asked to end, and were killed because their own time or the
  /// stop's time expired. Processes that the stop kills before they were asked to end are not
  /// listed. Also names background work that `run` cut short, and the exception of join_threads.
  std::vector<std::string> killed = {};
  /// Names everything that still keeps a thread or the actor system alive: paths of processes,
  /// join_threads, background work that is owed, and the number of actors outside the tree. A
  /// running handler cannot be interrupted.
  std::vector<std::string> left = {};
  /// Work that processes did not finish, by path: records without a report, acknowledgements that
  /// were not committed. For example
  /// `shop/orders/producing/producer: 7 of 9 records were not confirmed`. A process that
  /// crashes when it is asked to end is listed too: `shop/db: crashed: disk full`.
  std::vector<std::string> unfinished = {};

  /// True if every process ended in an orderly way and finished its work.
  explicit operator bool() const noexcept {
    return killed.empty() && left.empty() && unfinished.empty();
  }
};

/// A running tree, for tests and for programs that have a main loop of their own. Its actor system
/// belongs to the application or to the program.
///
///     ottla::application shop{{.id = "shop", .children = {…}}};
///     const auto sum = ottla::call<int>(shop.system(), shop.find("summer"), 1s, add{2, 3});
///     if (!shop.stop())
///       fmt::print(stderr, "the shop did not close in order\n");
///
/// Thread safety: call from any thread outside the actor system. Only one stop may run at a time.
/// The end of this file lists rare cases.
class application {
public:
  /// Starts the tree and waits until every process is up. Up does not mean connected: an
  /// unreachable broker does not delay the start. If a start fails, stops the processes already
  /// started and throws std::runtime_error with the reason.
  explicit application(application_spec spec);

  /// Starts the tree in an actor system of the program, which must outlive the application. Ignores
  /// `scheduling` and `threads`. Call init_message_types() before creating the system.
  application(caf::actor_system& system, application_spec spec);

  /// Stops the tree if it still runs. If processes do not stop in time, prints their names on
  /// stderr and abandons the application's own actor system, whose destructor would wait for these
  /// processes forever.
  ~application();
  application(const application&) = delete;
  application& operator=(const application&) = delete;

  /// The directory of this application. Connections are mounted below their own names.
  const std::shared_ptr<directory>& names() const noexcept;

  /// A reference to the process with that name. Each use looks up the name.
  process_ref find(std::string name) const { return {names(), std::move(name)}; }

  /// The current tree. nullopt if the tree has ended, or if its root does not answer within two
  /// seconds. Waits for at most three seconds.
  std::optional<tree_node> tree() const;

  /// Why the root ended; nullopt while it runs.
  std::optional<exit_reason> ended() const;

  /// Calls `then` when the root has ended, for whatever reason, on a thread of the actor system. If
  /// the root has already ended, calls `then` at once on the calling thread. `then` must be quick.
  void when_ended(std::function<void()> then);

  /// Stops the tree in reverse order of its start, and waits until every process has ended, at most
  /// for stop_within. In its own system, also waits for all other actors. The returned report
  /// belongs to the application and stays valid until its destruction. A later stop() waits again
  /// for processes that remained, and updates the report. Kafka handles leave their groups on
  /// threads of their own. `run` waits for these threads. Programs without `run` call
  /// wait_for_background_work.
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

// Rare cases. Decision 0039 has the reasons.
//
// Signals, for `run`:
//   - A signal during the start stops the program in an orderly way. A signal during the call of
//     `started` takes effect when `started` returns.
//   - A second signal, at least 200 ms later, ends the process at once.
//   - A signal that was ignored before, as under nohup, stays ignored. A signal that every thread
//     blocks is never delivered.
//
// The end of the program:
//   - If the tree is still up after stop_within, `run` prints the processes that are stuck. It
//     flushes the buffers of stdio for at most a quarter of a second, and calls _Exit(1).
//   - If another thread calls exit() during `run` or during the constructor of an application, the
//     exit stops the tree in an orderly way. The constructor returns when the tree has ended.
//   - An application may be a static object. If such an application still runs when the program
//     exits, the exit stops the application first. Only then do the exit handlers run that
//     libraries registered during the application's start.
//   - In a forked child the application's destructor, stop() and tree() do nothing.
//   - A thread with a caf::scoped_actor, or a handle to a detached process, keeps the actor system
//     in use. The application's destructor waits until stop_within has passed since its call, and
//     then abandons the system. If the destructor also has to stop the tree, that stop uses part of
//     the same time.
//
// Virtual time:
//   - In the system of a virtual_time, the constructor, stop() and tree() run the actors on the
//     calling thread, and advance virtual time until the call is complete. join_threads runs
//     on this thread too. The constructor throws if no message or timer is left that can complete
//     the start, or if the start takes more than 24 hours of virtual time.

} // namespace ottla
