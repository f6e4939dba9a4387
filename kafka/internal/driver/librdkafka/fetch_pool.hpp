#pragma once

#include <ottla/kafka/internal/driver/librdkafka/doorbell.hpp>
#include <ottla/kafka/internal/driver/librdkafka/fetch_watch.hpp>
#include <ottla/kafka/internal/driver/librdkafka/owned.hpp>
#include <ottla/kafka/internal/driver/librdkafka/pausing.hpp>
#include <ottla/kafka/internal/driver/pause_plan.hpp>
#include <ottla/kafka/internal/driver/pause_times.hpp>
#include <ottla/kafka/internal/driver/prefetch_limit.hpp>
#include <ottla/kafka/internal/memory_budget.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <librdkafka/rdkafka.h>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

namespace ottla::kafka {

/// Drops all fetched messages of a queue.
void empty_queue(rd_kafka_queue_t* queue);

/// The fetched messages of all partitions of a handle, sorted by partition. A prefetch_limit bounds
/// their memory.
///
/// Why: librdkafka sends one fetch request at a time to each broker, and leaves out partitions
/// whose queue is full. If each partition had its own queue, a request without a busy partition
/// would wait for the quiet partitions, for up to fetch.wait.max.ms. So all partitions share one
/// librdkafka queue. When that queue is full, librdkafka requests nothing, and the next request
/// names all partitions. The pool moves messages from the shared queue into one inbox for each
/// partition. A partition whose inbox holds too much is held up. librdkafka then puts further
/// messages into the partition's own queue, until that queue is full. docs/decisions/0028 has the
/// measurements.
///
/// Before each request, librdkafka's broker thread checks one partition after the other. If the
/// shared queue is emptied during these checks, the partitions that were already checked count as
/// full, and the request leaves without them. So only the pool's own thread moves messages, after
/// the broker thread has decided. The exception is close(), which moves the remaining messages at
/// once.
///
/// The pool pauses partitions at their end while another partition of their broker has a backlog,
/// see pause_plan. The pool resumes paused partitions after 100 ms. No message is lost or fetched
/// twice, since librdkafka resumes after the last message that was moved.
///
/// Thread safety: call from any thread. No waker is called with the lock held.
class fetch_pool {
public:
  /// Result of one take.
  struct handed_out {
    std::size_t count = 0;
    /// The thread that fetched the last messages of the inbox.
    std::thread::id fetched_by;
  };

  /// The messages of one partition. May outlive the pool, and is empty once closed.
  class inbox {
  public:
    inbox(fetch_pool& pool, topic_partition which, rd_kafka_queue_t* queue);

    /// Fills `into` from the front, without waiting. The caller owns the messages, which may
    /// include errors. If take() does not fill `into`, the bell rings when more messages arrive.
    handed_out take(std::span<rd_kafka_message_t*> into);

    /// Wakes the reader of this inbox.
    doorbell bell;

  private:
    friend class fetch_pool;
    // The pool's lock. Guards all members below. Shared, since a reader may take from a closed
    // inbox after the pool's end. A take holds this lock, and uses the pool only if queue_ is set.
    // close() and ~fetch_pool hold the same lock while they reset queue_, and so wait for a
    // running take. Later takes do not touch the pool.
    const std::shared_ptr<std::mutex> lock_;
    fetch_pool& pool_;
    rd_kafka_queue_t* queue_; ///< the partition's own queue; null once closed
    topic_partition partition_;
    std::deque<rd_kafka_message_t*> messages_;
    prefetch_limit::load load_;
    std::int32_t broker_ = -1;   ///< source of the last messages
    std::thread::id fetched_by_; ///< thread of that broker
    std::int64_t next_ = 0;      ///< offset after the last message; lower offsets are repeats
    std::int64_t end_ = -1;      ///< last reported end of the partition; -1 if none
    std::size_t brought_ = 0;    ///< messages that arrived since pauses were last planned
    bool is_at_end_ = false;
    bool has_arrivals_ = false; ///< is in arrived_
    bool may_end_ = false;      ///< is in ended_
    bool is_silent_ = false;    ///< nothing has arrived since the partition was resumed
    bool is_paused_ = false;    ///< guarded by pause_lock_
  };

  using inbox_ptr = std::shared_ptr<inbox>;

  fetch_pool(rd_kafka_t* native, fetch_watch& fetches, const fetch_memory& memory,
             pausing calls = {});
  ~fetch_pool();
  fetch_pool(const fetch_pool&) = delete;
  fetch_pool& operator=(const fetch_pool&) = delete;

  /// Call before the partition is assigned. `queue` is the partition's own queue, which the caller
  /// keeps until close(). With `one_by_one` the pool takes messages from librdkafka singly, since
  /// librdkafka may lose messages of a batch during a pause.
  inbox_ptr open(const topic_partition& which, rd_kafka_queue_t* queue, bool one_by_one);

  /// Drops the inbox's messages, and the partition's messages in the shared queue. After the call
  /// the pool does not use the partition's own queue, which may still hold messages.
  void close(inbox& which);

  bool has_messages(const inbox& which) const;

  /// Calls `make`, which moves the partition to another offset. Then drops the inbox's messages.
  /// During restart() the pool pauses no partition and moves no message.
  template <class Seek>
  void restart(inbox& which, Seek make) {
    const std::scoped_lock no_pauses{pause_lock_};
    const std::scoped_lock guard{lock_};
    make();
    drop_messages(which);
    which.is_at_end_ = false;
    which.is_silent_ = false;
    which.next_ = 0;
    which.end_ = -1;
    let_flow(which);
  }

  /// Resumes all partitions. The pool pauses no partition while the caller holds the returned lock.
  /// Hold the lock while you answer a rebalance.
  ///
  /// On its own thread, librdkafka pauses all partitions when a rebalance begins, and resumes them
  /// when the rebalance is answered. If the pool pauses or resumes partitions at the same time,
  /// librdkafka drops one of the two calls. So this function also resumes partitions from which
  /// nothing has arrived since the pool last resumed them. The pool pauses a partition again only
  /// after librdkafka reports its end, which shows that librdkafka has resumed the partition.
  std::unique_lock<std::mutex> without_pauses();

  /// Resumes all partitions, and never pauses a partition again. For a member that leaves its
  /// group.
  void end_pauses();

  /// How many partitions are paused.
  std::size_t paused() const;

private:
  using bells = std::vector<inbox_ptr>;
  using clock = std::chrono::steady_clock;

  void run(const std::stop_token& over);
  void let_brokers_decide() const;
  void move_all(const std::stop_token& over);
  void wait_for_room(const std::stop_token& over);
  bool move_some(bells& to_ring);
  std::size_t take_from_queue();
  inbox_ptr find(const rd_kafka_message_t& of);
  void put(const inbox_ptr& into, std::span<rd_kafka_message_t* const> messages);
  handed_out take(inbox& from, std::span<rd_kafka_message_t*> into);
  bool has_too_much(const inbox_ptr& which) const;
  void hold_up(inbox& which);
  void let_flow(inbox& which);
  void drop_messages(inbox& which);
  void request_more(std::size_t count, std::size_t bytes);
  void ask_again(const std::vector<std::int32_t>& brokers);

  static bool may_pause_with(rd_kafka_t* native);
  void wait_for_news(const std::stop_token& over);
  void note_arrival(const inbox_ptr& at);
  void plan_pauses();
  void note_answers();
  std::int64_t left_of(const inbox& which) const;
  bool may_pause(const inbox& which) const;
  void pause(const bells& quiet);
  void resume(const bells& which);
  void resume_all();
  void resume_silent();
  void forget_ends();

  rd_kafka_t* const native_;
  fetch_watch& fetches_;
  const fetch_memory memory_;
  owned_queue shared_;

  const std::shared_ptr<std::mutex> shared_lock_ = std::make_shared<std::mutex>();
  std::mutex& lock_ = *shared_lock_;
  prefetch_limit limit_;
  std::map<topic_partition, inbox_ptr> inboxes_;
  std::vector<rd_kafka_message_t*> raw_; // reused
  std::size_t moved_ = 0;                ///< bytes moved since the shared queue last had room
  bool one_by_one_ = false;
  bells crowded_; ///< inboxes that hold too much and are not held up yet
  std::condition_variable_any room_;
  clock::time_point may_wait_from_{};

  const bool may_pause_;
  const pausing calls_;
  // Held while librdkafka pauses or resumes partitions. Otherwise librdkafka would drop messages
  // that another thread takes out of the queue at that time. If a seek and a pause of one partition
  // happened at the same time, librdkafka would drop one of the two. Lock this before lock_.
  mutable std::mutex pause_lock_;
  bool pauses_are_over_ = false;
  bells paused_;
  bells resumed_; ///< all silent inboxes, and some that were silent before
  pause_times times_;
  // Guarded by lock_.
  bells arrived_; ///< inboxes with arrivals since pauses were last planned
  bells ended_;   ///< inboxes that may be at their end
  std::map<std::int32_t, pause_plan> plans_; ///< by broker

  std::mutex news_lock_;
  std::condition_variable_any news_;
  bool has_news_ = false;
  std::jthread mover_; // last, so that the other members outlive the thread
};

} // namespace ottla::kafka
