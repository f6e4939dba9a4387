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

/// Whether the end of a program waits for background work. A program ends at the end of `run`,
/// after its stop, and at the exit of the program. application::stop alone does not wait for
/// background work.
enum class background : std::uint8_t {
  /// Work that an ending program does not need, such as a query whose answer has no reader, or the
  /// release of memory. The end cuts the work short at once and does not report it.
  dispensable,
  /// Work that the program owes, such as leaving a group. The end waits for the work until shortly
  /// before the stop's deadline, and then cuts the work short. `run` reports such work.
  owed,
};

/// Registers work on a thread outside the actor system, such as leaving a Kafka group or destroying
/// a handle. The work may outlive the process that started it. The end of a program can wait for
/// registered work, cut it short and report its name.
///
/// Thread safety: call from any thread.
class background_work {
public:
  /// Registers the work until this object is destroyed. `name` appears in reports, such as `the
  /// Kafka consumer of group "orders"`.
  explicit background_work(std::string name, background value = background::owed);
  ~background_work();
  background_work(const background_work&) = delete;
  background_work& operator=(const background_work&) = delete;

  /// True after the work was cut short. The work must then skip everything that is not essential.
  /// Call this a few times a second.
  bool is_cut_short() const noexcept { return cut_short_->load(std::memory_order_relaxed); }

private:
  std::shared_ptr<std::atomic<bool>> cut_short_;
};

/// Waits at most `within` until no work is registered. With background::owed, waits for owed work
/// only. Returns false if such work is still registered.
bool wait_for_background_work(saturating<std::chrono::nanoseconds> within,
                              background at_least = background::dispensable);

/// Cuts short all work. With background::dispensable, cuts short dispensable work only. Returns the
/// names of the owed work that was cut short.
std::vector<std::string> cut_background_work_short(background at_most = background::owed);

/// The names of the registered work that is owed.
std::vector<std::string> names_of_background_work();

/// Sets the deadline of an application's stop. If several applications stop, the latest deadline
/// counts.
void limit_background_work(std::chrono::steady_clock::time_point until);

/// The time at which the exit of the program stops waiting for background work. nullopt if no
/// application was stopped.
std::optional<std::chrono::steady_clock::time_point> deadline_of_background_work();

} // namespace ottla
