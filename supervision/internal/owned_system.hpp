#pragma once

#include <ottla/actors/caf.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <thread>

namespace ottla::detail {

/// An actor system of an application's own, whose end has a deadline.
///
/// CAF's destructor waits for ever for actors that are stuck, and for the threads of detached
/// actors whose handles are still held. It also waits for threads that used the system and left its
/// logger in their local storage. So a separate thread waits and destroys the system; a caller
/// without more time leaves that thread behind.
class owned_system {
public:
  owned_system(scheduling policy, std::size_t threads);
  /// Leaves the system behind if end() did not succeed.
  ~owned_system();
  owned_system(const owned_system&) = delete;
  owned_system& operator=(const owned_system&) = delete;

  caf::actor_system& get() const noexcept;

  /// Waits until every actor has ended.
  bool wait_idle(std::chrono::steady_clock::time_point until);

  /// Destroys the system once every actor has ended. False if that does not happen in time.
  bool end(std::chrono::steady_clock::time_point until);

private:
  struct core;
  void start_waiting();

  std::shared_ptr<core> core_;
  std::thread waiting_;
};

} // namespace ottla::detail
