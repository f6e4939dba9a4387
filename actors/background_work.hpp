#pragma once

#include <ottla/actors/saturating.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ottla {

/// What is lost when background work is cut short.
enum class background : std::uint8_t {
  /// Nothing that matters to a program that ends: a question whose answer nobody needs any more,
  /// or the release of memory. A stop cuts the work short at once and does not report it.
  dispensable,
  /// Something that the program owes, such as leaving a group. A stop waits for the work until
  /// shortly before its deadline, and reports it if it is cut short.
  owed,
};

/// Work on threads outside the actor system. The work may outlive the processes that began it: to
/// leave a Kafka group, or to destroy a handle. It registers itself, so that the end of the program
/// can wait for it, cut it short, and name it.
///
/// Thread safety: call from any thread.
class background_work {
public:
  /// Registers until it is destroyed. `name` is for reports: `the Kafka consumer of group
  /// "orders"`.
  explicit background_work(std::string name, background value = background::owed);
  ~background_work();
  background_work(const background_work&) = delete;
  background_work& operator=(const background_work&) = delete;

  /// Whether the time has run out: whoever does the work then drops what is not essential. To be
  /// asked a few times a second.
  bool is_cut_short() const noexcept { return cut_short_->load(std::memory_order_relaxed); }

private:
  std::shared_ptr<std::atomic<bool>> cut_short_;
};

/// Waits, for at most `within`, until no work of `at_least` or above is registered. False: some is.
bool wait_for_background_work(saturating<std::chrono::nanoseconds> within,
                              background at_least = background::dispensable);

/// Cuts short all work of `at_most` or below. Returns the names of the owed work among it.
std::vector<std::string> cut_background_work_short(background at_most = background::owed);

/// The names of the registered work that is owed.
std::vector<std::string> names_of_background_work();

/// The stop of an application ends at `until`. Of several stops the latest end counts.
void limit_background_work(std::chrono::steady_clock::time_point until);

/// When the exit of the program stops waiting for background work. nullopt: no application was
/// stopped.
std::optional<std::chrono::steady_clock::time_point> deadline_of_background_work();

} // namespace ottla
