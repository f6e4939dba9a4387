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

/// A child process in the table of its supervisor.
struct supervised {
  /// Requests that are answered when the child is up, or gone.
  struct open_calls {
    caf::response_promise starter = {};
    std::vector<caf::response_promise> terminators = {};

    void tell_starter(child_result what);
    void tell_terminators();
  };
  /// State of a child that did not start, or that died and left children behind.
  struct farewell {
    std::optional<process_started> answer;
    std::optional<exit_reason> dead;
    /// Number of its own children that still live.
    std::size_t orphans = 0;
    /// Key of the dead parent; 0 if the child is no orphan.
    std::uint64_t orphan_of = 0;
  };
  static constexpr auto never = std::chrono::nanoseconds::max();

  std::shared_ptr<const child_spec> spec = nullptr;
  std::shared_ptr<const process_label> label = nullptr;
  caf::actor process = {};
  /// The child's own children; null for a worker.
  std::shared_ptr<offspring> its = nullptr;
  std::unique_ptr<open_calls> calls = nullptr;
  std::unique_ptr<farewell> leaving = nullptr;
  std::unique_ptr<backoff> delays = nullptr;
  /// When the supervisor stops waiting for the child's start or end.
  std::chrono::nanoseconds deadline = never;
  /// Key of this run: the process's id, or a number above all ids if the start was refused.
  std::uint64_t key = 0;
  std::uint32_t restarts = 0;
  bool up = false;
  /// The supervisor is ending the child.
  bool ending = false;
  bool killed = false;
  /// The process has called tell_healthy() in this run.
  bool is_healthy = false;
};

/// The processes that a supervisor has started. The supervisor above shares this table: after the
/// death of the owner it waits until all these processes are gone. So a replacement never meets a
/// name, or a Kafka handle, that is still held. A stop of the program reads here which processes
/// are left.
///
/// Thread safety: for the supervisor's thread only, except for the functions that say otherwise.
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

  /// The living processes, and those that live below dead ones, in the order of their starts.
  /// Copies only spec, label, process, `its` and key. Call from any thread.
  std::vector<supervised> survivors() const;

  struct member {
    std::string path;
    bool ending = false;
  };
  /// The living processes of the whole subtree, each supervisor after its children. Call from any
  /// thread.
  std::vector<member> living() const;

private:
  mutable std::mutex guard_;
  std::unordered_map<key, supervised> members_;
};

} // namespace ottla
