#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/exit_reason.hpp>
#include <ottla/actors/messages.hpp>
#include <ottla/actors/process_label.hpp>
#include <ottla/supervision/backoff.hpp>
#include <ottla/supervision/child_spec.hpp>
#include <ottla/supervision/messages.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ottla {

/// A process as its supervisor keeps it.
struct supervised {
  /// Requests that are answered when it is up, or gone.
  struct open_calls {
    caf::response_promise starter = {};
    std::vector<caf::response_promise> terminators = {};

    void tell_starter(child_result what);
    void tell_terminators();
  };
  /// What is known of one that did not start, or died and left children behind.
  struct farewell {
    std::optional<process_started> answer;
    std::optional<exit_reason> dead;
    /// Those of its own children that still live.
    std::size_t orphans = 0;
    /// It is itself such a child of this one, 0: it is not.
    std::uint64_t orphan_of = 0;
  };
  static constexpr auto never = std::chrono::nanoseconds::max();

  std::shared_ptr<const child_spec> spec = nullptr;
  std::shared_ptr<const process_label> label = nullptr;
  caf::actor process = {};
  /// Its own children; null for a worker.
  std::shared_ptr<offspring> its = nullptr;
  std::unique_ptr<open_calls> calls = nullptr;
  std::unique_ptr<farewell> leaving = nullptr;
  std::unique_ptr<backoff> delays = nullptr;
  /// When it will have been waited for long enough.
  std::chrono::nanoseconds deadline = never;
  /// Of this run: the process' id, or a number above all of them where the start was refused.
  std::uint64_t key = 0;
  std::uint32_t restarts = 0;
  bool up = false;
  /// It was asked to end.
  bool ending = false;
  bool killed = false;
  /// The process has called tell_healthy() in this run.
  bool is_healthy = false;
};

/// The processes that a supervisor has started, shared with its own supervisor, which after the
/// death of this one waits until all of them are gone too: so a replacement never meets a name, or
/// a Kafka handle, that is still held. Whoever stops the program asks it who is left.
///
/// Thread safety: for its supervisor's thread; what is const and says so, for any.
class offspring {
public:
  using key = std::uint64_t;

  supervised& add(supervised one);
  std::optional<supervised> remove(key which);
  void mark_ending(supervised& one);
  supervised* find(key which);

  const std::unordered_map<key, supervised>& all() const noexcept { return members_; }
  /// In the order of their starts.
  std::vector<key> keys() const;
  std::size_t size() const noexcept { return members_.size(); }

  /// Those that live, and what lives below those that do not, in the order of their starts: what
  /// they are, and nothing of what their supervisor thinks of them. From any thread.
  std::vector<supervised> survivors() const;

  struct member {
    std::string path;
    bool ending = false;
  };
  /// Those that live, whole subtrees, supervisors after what is below them. From any thread.
  std::vector<member> living() const;

private:
  mutable std::mutex guard_;
  std::unordered_map<key, supervised> members_;
};

} // namespace ottla
