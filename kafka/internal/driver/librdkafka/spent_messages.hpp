#pragma once

#include <ottla/kafka/message.hpp>

#include <atomic>
#include <cstddef>
#include <span>
#include <thread>
#include <vector>

namespace ottla::kafka {

/// Keeps fetched messages that nobody reads any more, until the thread that fetched them frees
/// them.
///
/// Why: librdkafka allocates each message on the broker thread that fetched it. glibc's free()
/// locks the arena that a block came from. So a worker that frees messages contends with the broker
/// thread, which allocates the next messages in that arena. A broker thread that frees messages
/// contends for librdkafka's reference counts with workers that take messages. So the broker thread
/// frees messages after receiving a response and before parsing that response. At that moment the
/// workers have the fewest messages to take.
///
/// Compared with frees by the worker, the CPU time relative to a raw librdkafka loop falls from
/// 0.95 to 0.72 for messages of 100 bytes in one partition, and from 1.12 to 0.78 in eight. For
/// 1 KiB, the CPU time stays at 0.99 in one partition, and falls from 1.08 to 0.93 in eight.
/// Source: docs/results/consume_throughput.md. Cost: the memory of `limits`.
///
/// Remove this class when that measurement shows no gain over frees by the worker, for example
/// because librdkafka allocates the messages of a response as one block.
///
/// Thread safety: call from any thread. No call locks or waits.
class spent_messages {
public:
  using free_function = void (*)(std::span<const message>);

  /// Upper bounds for the messages that wait. A call of add() that exceeds a bound frees all
  /// waiting messages itself.
  struct limits {
    std::size_t messages = 131'072;
    std::size_t bytes = 16 * 1024 * 1024;
  };

  explicit spent_messages(free_function free) : spent_messages{free, limits{}} {}
  spent_messages(free_function free, limits most) noexcept : free_{free}, most_{most} {}
  ~spent_messages();
  spent_messages(const spent_messages&) = delete;
  spent_messages& operator=(const spent_messages&) = delete;

  /// Takes ownership. `bytes` is the size of keys and values. If the thread `fetched_by` has never
  /// called free_mine, the next thread that calls free_mine frees these messages.
  void add(std::vector<message> messages, std::size_t bytes, std::thread::id fetched_by);

  /// Frees the messages that the calling thread fetched, and the messages of threads that have
  /// never called free_mine.
  void free_mine();

  /// Frees all messages. From now on, free_mine frees the messages of all threads, so that no
  /// message stays when the handle is destroyed. Call when nobody calls add() any more.
  void close();

private:
  // Elements of linked lists whose heads are atomic. A list has no ABA problem, since a thread
  // removes all elements at once.
  struct batch {
    std::thread::id fetched_by;
    std::size_t bytes = 0;
    std::vector<message> messages;
    batch* next = nullptr;
  };
  struct visitor {
    std::thread::id who;
    visitor* next = nullptr;
  };

  bool has_come_by(std::thread::id who) const noexcept;
  batch* take_all() noexcept;
  void free_all() { free(take_all()); }
  void free(batch* first);

  const free_function free_;
  const limits most_;
  std::atomic<visitor*> come_by_ = nullptr; ///< threads that have called free_mine; only grows
  std::atomic<batch*> waiting_ = nullptr;
  std::atomic<bool> is_closed_ = false;
  std::atomic<std::size_t> messages_ = 0; ///< of `waiting_`
  std::atomic<std::size_t> bytes_ = 0;    ///< of `waiting_`
};

} // namespace ottla::kafka
