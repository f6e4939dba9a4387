#pragma once

#include <ottla/kafka/internal/driver/producer_handle.hpp>
#include <ottla/kafka/internal/producer/send_buffer.hpp>
#include <ottla/kafka/producer/produce.hpp>
#include <ottla/supervision/internal/stop_deadline.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ottla::kafka {

/// Gets the answer of a produce, once. Runs on any thread, without a lock of the gate.
using produced_receiver = std::function<void(produced)>;

/// The state of all pending produces of a connection, and the way to the producing handle. The
/// connection's spec owns the gate, so this state survives the shared producer, and a crash leaves
/// no produce without an answer. Callers hand records to the handle on their own thread. The shared
/// producer opens the handle and passes on its reports. The connection's supervisor watches
/// deadlines, since the shared producer may hang, or be dead.
///
/// Invariants:
/// - A produce holds its bytes of the buffer from its acceptance until the handle has reported all
///   records, even if the caller has its answer before.
/// - Records that the handle had no room for are handed over before later produces.
/// - The lock is never held while the handle takes records, an answer is given or the shared
///   producer is woken.
///
/// Thread safety: call from any thread.
class producer_gate {
public:
  using time = std::chrono::steady_clock::time_point;

  /// What a produce without room does.
  enum class on_full : std::uint8_t {
    refuse,
    /// Blocks the calling thread until there is room, or until the deadline.
    block,
    /// The call returns. The records are handed over when there is room, or rejected at the
    /// deadline. They are rejected at once if other parked records use too much memory.
    park,
    /// Like park, however much memory other parked records use. For records that the caller keeps
    /// in memory anyway.
    park_always,
  };

  enum class pace : std::uint8_t {
    /// The records may wait for producer_settings::linger.
    lingering,
    /// The caller waits for the answer, so the records are sent at once.
    at_once,
  };

  explicit producer_gate(std::size_t buffer_bytes) noexcept : buffer_{buffer_bytes} {}

  // -- for callers, in producer_gate.cpp

  /// Hands the records over, or answers why not. Times are times of the actors' clock. Returns the
  /// token of the produce; 0 if the answer was given already.
  token submit(produce what, on_full how, time deadline, produced_receiver answer,
               pace pace = pace::lingering);

  /// Answers the produce now, if it has no answer yet. If the handle has none of the records, they
  /// are dropped. Otherwise the rest of the records is still handed over.
  void give_up(token which);

  /// Whether the shared producer is attached and accepts records.
  bool is_running() const noexcept { return state_ == state::running; }

  // -- for the shared producer, in producer_gate_owner.cpp

  /// Identifies one run of the shared producer. Calls of an older run have no effect.
  using run = std::uint64_t;

  /// Begins a run. `wake` makes the shared producer call open() or send_waiting(). `stop` may be
  /// null. Ends the former run if it hangs, and answers its produces, except for produces of
  /// submit_of_run().
  run attach(std::function<void()> wake, stop_deadline* stop);

  /// Like submit(), for a caller whose answer must be given by the shared producer of this run, on
  /// its thread. Has no deadline, and is rejected without room. The records are sent at once if no
  /// other produce is pending, since the caller probably waits for the answer.
  void submit_of_run(run of, produce what, produced_receiver answer);

  /// True if records wait for the handle to be opened, or to have room.
  bool has_waiting() const;
  void open(run of, std::shared_ptr<producer_handle> handle);
  /// Hands waiting records to the handle, until the handle accepts no more.
  void send_waiting(run of);

  /// The produce that a report belongs to.
  struct reported {
    std::string topic;
    std::size_t stored = 0;
  };
  /// Answers the produce of a report. nullopt if the report belongs to another run.
  std::optional<reported> finish(run of, delivered report);

  /// From now on rejects all new records. Returns the number of records in flight.
  std::size_t begin_stop(run of);
  /// True if no record waits and no caller is handing records over.
  bool is_drained() const;

  /// Records without a report at the end of a run.
  struct unconfirmed {
    std::size_t records = 0;
    /// Number of these records that may be stored.
    std::size_t unknown = 0;
  };
  /// Ends a run, and answers its produces in flight. The answers for records that were not handed
  /// over are "not stored", with the reason `why` if there is one. Requests that wait for room go
  /// on waiting, for the next run.
  unconfirmed detach(run of, std::optional<error> why);

  std::size_t records_in_flight() const;

  // -- for the connection's supervisor, in producer_gate_owner.cpp

  /// The connection starts. `owner` identifies the connection's supervisor. The gate calls `watch`
  /// when a produce has an earlier deadline than all others, so that the supervisor reads
  /// next_deadline().
  void begin_life(const void* owner, std::function<void()> watch);
  /// Answers all produces whose deadline has come.
  void expire(time now);
  /// When to call expire() next; time::max() if no produce waits for an answer. May be too early.
  time next_deadline() const;
  /// The connection ends. Answers all produces in flight, and rejects waiting and new records until
  /// the next attach(), so that no caller waits for a process that hangs or does not start. Only
  /// produces of submit_of_run() wait for detach(). No effect if another supervisor has begun
  /// since.
  void end_life(const void* owner);

private:
  enum class state : std::uint8_t {
    /// The shared producer is not running, and may start soon.
    absent,
    running,
    stopped,
  };

  struct request {
    std::shared_ptr<outgoing> batch;
    std::size_t bytes = 0;
    time deadline = {};
    /// Empty after the answer.
    produced_receiver answer;
    /// Number of records that the handle has accepted.
    std::size_t handed_over = 0;
    /// The run whose detach() must give the answer; 0 if any thread may.
    run only_by = 0;
    /// A thread is handing the records over. `handed_over` is not up to date.
    bool is_sending = false;
    /// The run has ended. The thread that hands the records over gives the answer.
    bool is_orphan = false;
  };

  /// A blocked thread or a parked request that waits for room.
  struct queued {
    std::size_t bytes = 0;
    /// The part of `bytes` that counts in parked_bytes_.
    std::size_t counted = 0;
    /// Null for a parked request.
    std::condition_variable* turn = nullptr;
    request parked = {};
  };

  /// What to do after the lock is released.
  class afterwards {
  public:
    afterwards() = default;
    ~afterwards();
    afterwards(const afterwards&) = delete;
    afterwards& operator=(const afterwards&) = delete;

    void answer(request& one, produced with);

    std::shared_ptr<const std::function<void()>> wake;
    std::shared_ptr<const std::function<void()>> watch;
    std::shared_ptr<producer_handle> dropped;
    std::vector<request> ended;

  private:
    std::vector<std::pair<produced_receiver, produced>> answers_;
  };

  bool can_accept(std::size_t bytes) const noexcept;
  /// Why a produce of these bytes is not accepted now. nullopt if it is, or if it waits for room.
  std::optional<error> why_refused(const request& one, on_full how) const;
  error why_full(const request& one) const;
  /// Why a request that waited for room has none at its deadline.
  error why_no_room(const request& one) const;
  token submit(request one, on_full how);
  /// Waits for room. Returns the reason if the request gets none.
  std::optional<error> wait_for_room(std::unique_lock<std::mutex>& guard, const request& one);
  token accept(request one, afterwards& later);
  void hand_over(std::unique_lock<std::mutex>& guard, token which, afterwards& later);
  /// Passes the records of a produce to the handle, without the lock. Returns false if the handle
  /// has no more room.
  bool send(std::unique_lock<std::mutex>& guard, request& one, afterwards& later);
  void wait_for_handle(token which, afterwards& later);
  /// Gives free room to the requests that wait for it.
  void serve_queue(afterwards& later);
  void remove(token which, afterwards& later);
  void note_deadline(time deadline, afterwards& later);
  void find_next_deadline(time not_before);
  void refuse_parked(afterwards& later);
  /// From now on rejects all new records, and the records that wait for room.
  void refuse_new(afterwards& later);
  /// Answers the produces in flight, except those that only a run other than `by` may answer.
  unconfirmed end_run(run by, const std::optional<error>& why, afterwards& later);
  /// Answers the produces that only this run may answer.
  void release(run of, afterwards& later);
  error why_stopped() const;

  mutable std::mutex lock_;
  /// Written under lock_.
  std::atomic<state> state_ = state::absent;
  run run_ = 0;
  std::shared_ptr<const std::function<void()>> wake_;
  std::shared_ptr<const std::function<void()>> watch_;
  std::shared_ptr<producer_handle> handle_;
  stop_deadline* stop_ = nullptr;
  /// While set, a stop of the application reserves time for the records in flight.
  std::optional<stop_deadline::claim> needs_time_;

  send_buffer buffer_;
  token last_token_ = 0;
  std::unordered_map<token, request> in_flight_;
  std::size_t records_in_flight_ = 0;
  /// Produces of ended runs whose answer only their run may give.
  std::vector<request> owed_;
  /// The records of this run that end_life() has answered.
  unconfirmed ended_early_;
  /// Number of threads that are handing records over.
  std::size_t sending_ = 0;
  /// Produces that the handle has not accepted completely, in order.
  std::deque<token> waiting_;
  /// The connection's supervisor. Null between two lives of the connection.
  const void* owner_ = nullptr;
  /// Oldest first.
  std::list<queued> queue_;
  std::size_t parked_bytes_ = 0;
  /// A produce with an earlier deadline calls `watch_`.
  time next_deadline_ = time::max();
};

} // namespace ottla::kafka
