#pragma once

namespace ottla::detail {

/// Turns SIGINT and SIGTERM, and SIGHUP where wanted, into something a thread can wait for. A
/// second signal ends the process at once, with the status that the signal itself would give. A
/// signal that was ignored before, as by nohup, stays ignored. The handlers from before come back
/// at the end.
///
/// One at a time in a process: a second one throws std::runtime_error.
class signal_watch {
public:
  explicit signal_watch(bool with_hangup = false);
  ~signal_watch();
  signal_watch(const signal_watch&) = delete;
  signal_watch& operator=(const signal_watch&) = delete;

  /// Blocks until a signal came, which it answers, or poke was called: 0.
  int wait();

  /// From any thread.
  void poke();
};

} // namespace ottla::detail
