#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/directory.hpp>
#include <ottla/actors/process_ref.hpp>
#include <ottla/supervision/process_event.hpp>
#include <ottla/supervision/supervisor.hpp>
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

  /// Told of starts, restarts, and the ends that no supervisor asked for, on the threads of the
  /// supervisors. Without one, `run` prints failed starts and crashes on stderr.
  process_observer observer = {};
  /// Longest that a stop takes, whatever the children's shutdowns say. Shortly before, what is left
  /// is killed; past it the tree is left as it stands, stuck handlers and all. Consumer groups and
  /// producers derive their deadlines from it: 0.75 s before its end, or 15 % of it, they give up
  /// records that are not stored and offsets that are not committed, and handlers before that.
  saturating<std::chrono::nanoseconds> stop_within = std::chrono::seconds{10};
  /// `handoff` is the fastest where short handlers send to one another; see ottla::scheduling.
  ottla::scheduling scheduling = scheduling::handoff;
  /// Threads of the actor system; 0: one a core, two at least.
  std::size_t threads = 0;
  /// Chooses the jitter of restart delays; nothing: by chance.
  std::optional<std::uint64_t> seed = {};
  /// Runs once when the tree has ended and its actor system still stands: join here the program's
  /// own threads that use the application. On a thread of its own, within the deadline of the stop.
  /// Not called where the start failed, nor where the tree does not end in time. An exception is
  /// printed, and counts as not done.
  std::function<void()> join_threads = {};
  /// Whether SIGHUP stops `run` in order, as SIGINT and SIGTERM do.
  bool stop_on_hangup = false;
};

/// What became of a stop.
struct stop_report {
  /// Processes that were killed because their own time or the stop's ran out, by path; and what
  /// `run` cut short or join_threads threw.
  std::vector<std::string> killed = {};
  /// Those that still keep a thread, or the actor system, alive: by path, or how many there are
  /// outside of the tree. A running handler cannot be interrupted.
  std::vector<std::string> left = {};
  /// What processes had to leave undone, by path: records without a report, acknowledgements that
  /// were not committed. `orders/client_branch/client: 1604 of 2000 records were not confirmed`
  /// Also processes that crashed when they were asked to end: `orders/db: crashed: disk full`
  std::vector<std::string> unfinished = {};

  /// All of it ended in order, and nothing was left undone.
  explicit operator bool() const noexcept {
    return killed.empty() && left.empty() && unfinished.empty();
  }
};

/// A running tree, in an actor system of its own or in one that the program has.
///
/// Thread safety: call from any thread that is no actor's. Only one stop may run at a time.
class application {
public:
  /// Starts the tree and waits until all of it is up, which does not mean connected: a broker that
  /// cannot be reached holds no start up. Throws std::runtime_error with the reason where a start
  /// fails; nothing is left then. Where the program exits on another thread meanwhile, the tree is
  /// stopped, and the constructor returns when it has ended.
  explicit application(application_spec spec);

  /// The same in another actor system, which must outlive it; `scheduling` and `threads` are that
  /// one's. init_message_types() must have run before the system was made.
  ///
  /// In the system of a virtual_time this runs the actors on the calling thread, and lets virtual
  /// time pass, until the start is complete; so do stop() and tree(). A start that nothing can
  /// complete any more throws.
  application(caf::actor_system& system, application_spec spec);

  /// Stops, if nobody did. Of what does not stop in time the names are printed on stderr; an actor
  /// system of its own is then left behind, since its end would wait for them for ever. So is a
  /// system that something else still uses after another stop_within: a thread with a scoped_actor
  /// of CAF's, or a handle of a detached process.
  ///
  /// An application in a static object is safe. One that still runs when the program exits is
  /// stopped then, before the libraries that its start has set up are torn down. In a forked child
  /// the destructor, stop() and tree() do nothing.
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

  /// Stops the tree in reverse order of its start, and waits for all of it; in a system of its own
  /// for every other actor too. The deadline, stop_within, is kept by the calling thread. Called
  /// again, it waits again for those that were left. Kafka handles go on leaving their groups on
  /// threads of their own: only `run` waits for them, other programs call await_reaped.
  const stop_report& stop();

  caf::actor_system& system();

private:
  struct running;
  explicit application(std::unique_ptr<running> it);
  void launch(application_spec spec);
  int stop_for_run(const std::optional<exit_reason>& why);
  friend int run(application_spec spec, const std::function<void(application&)>& started);

  std::unique_ptr<running> it_;
};

/// Runs an application until it ends by itself or SIGINT or SIGTERM arrives, which stops it in
/// order, during the start too; a second signal, 200 ms later or more, ends the process at once.
/// Answers an exit status for main: 0 after an orderly end; 1 if the start failed, the root gave
/// up, a process was killed at the end or crashed when asked to end, or work was left undone. A
/// line on stderr says which. If the tree is still up after stop_within, `run` names what is stuck
/// and leaves with _Exit(1). What stdio has buffered then gets a quarter of a second.
///
/// The deadline holds for Kafka handles too, which leave their groups after the tree has ended. The
/// exit of the process waits for nothing of ottla's after that.
///
/// An exit of the program meanwhile, by exit() on any thread but an actor's or by a return from
/// main, stops in order too: it waits for the stop, prints what was not done, and keeps its status.
/// A `run` on the main thread does not return then.
///
/// A signal that was ignored before, as under nohup, stays ignored. A signal that every thread
/// blocks is never delivered. Only one run at a time is possible in a process: another one is a
/// start that fails.
///
/// `started` is called once, on this thread, when all of the tree is up. A signal that arrives
/// meanwhile is heeded when it returns.
int run(application_spec spec, const std::function<void(application&)>& started = {});

} // namespace ottla
