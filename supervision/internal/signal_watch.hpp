#pragma once

namespace ottla::detail {

/// Lets a thread wait for SIGINT and SIGTERM, and for SIGHUP if requested. A second signal, at
/// least 200 ms later, ends the process at once with the exit status 128 plus the signal's number.
/// A signal that was ignored before, as by nohup, stays ignored. The destructor restores the former
/// handlers. run() waits here (application_run.cpp) and then stops the application
/// (application_stop.cpp).
///
/// A process can have one signal_watch at a time. The constructor of a second signal_watch throws
/// std::runtime_error.
class signal_watch {
public:
  explicit signal_watch(bool with_hangup = false);
  ~signal_watch();
  signal_watch(const signal_watch&) = delete;
  signal_watch& operator=(const signal_watch&) = delete;

  /// Blocks until a signal arrives or poke() is called. Returns the signal's number; 0 for poke().
  int wait();

  /// Ends a wait(). Call from any thread.
  void poke();
};

} // namespace ottla::detail
