#pragma once

namespace ottla::detail {

/// Turns SIGINT and SIGTERM into something a thread can wait for. A second signal ends the process
/// at once, with the status that the signal itself would give. One at a time in a process; the
/// handlers from before come back at its end.
class signal_watch {
public:
  signal_watch();
  ~signal_watch();
  signal_watch(const signal_watch&) = delete;
  signal_watch& operator=(const signal_watch&) = delete;

  /// Blocks until a signal came, which it answers, or poke was called: 0.
  int wait();

  /// From any thread.
  void poke();
};

} // namespace ottla::detail
