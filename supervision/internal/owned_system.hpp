#pragma once

#include <ottla/actors/caf.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <thread>

namespace ottla::detail {

/// The actor system that an application owns. Its destruction has a deadline.
///
/// The destructor of caf::actor_system waits forever for stuck actors, and for the threads of
/// detached actors whose handles are still held. It also waits for threads that used the system and
/// keep its logger in their local storage. So a separate thread waits and destroys the system, and
/// a caller whose deadline has passed abandons that thread.
class owned_system {
public:
  owned_system(scheduling policy, std::size_t threads);
  /// Abandons the system if end() did not succeed.
  ~owned_system();
  owned_system(const owned_system&) = delete;
  owned_system& operator=(const owned_system&) = delete;

  caf::actor_system& get() const noexcept;

  /// Waits until every actor has ended. False if `until` comes first.
  bool wait_idle(std::chrono::steady_clock::time_point until);

  /// Destroys the system when every actor has ended. False if `until` comes first.
  bool end(std::chrono::steady_clock::time_point until);

private:
  struct core;
  void start_waiting();

  std::shared_ptr<core> core_;
  std::thread waiting_;
};

} // namespace ottla::detail
