#pragma once

#include <ottla/kafka/message.hpp>

#include <cstddef>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

namespace ottla::kafka {

/// Keeps fetched messages that nobody reads any more, until the thread that fetched them frees
/// them. If other threads freed them, each message would contend with the fetching thread for its
/// malloc arena. glibc locks the arena that a block came from, and the fetching thread allocates
/// the next messages there. Frees also contend for librdkafka's reference counts with threads that
/// take messages. So the fetching thread frees messages when other threads have least to take: when
/// it has received an answer and not parsed it. docs/results/consume_throughput.md has the cost of
/// each way.
///
/// Thread safety: call from any thread.
class spent_messages {
public:
  using free_function = void (*)(std::span<const message>);

  /// The waiting messages do not exceed either limit. A call of add() that exceeds one frees them
  /// all.
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

  /// Frees the messages that the calling thread fetched, and those that any thread may free.
  void free_mine();

  void free_all();

private:
  struct batch {
    std::thread::id for_whom; // default: any thread
    std::size_t bytes = 0;
    std::vector<message> messages;
  };

  bool has_come_by(std::thread::id who) const noexcept;
  void free(const std::vector<batch>& batches) const;

  const free_function free_;
  const limits most_;
  std::mutex lock_;
  std::vector<std::thread::id> come_by_;
  std::vector<batch> waiting_;
  std::size_t messages_ = 0;
  std::size_t bytes_ = 0;
};

} // namespace ottla::kafka
