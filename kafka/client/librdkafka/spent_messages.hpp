#pragma once

#include <ottla/kafka/message.hpp>

#include <cstddef>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

namespace ottla::kafka {

/// Fetched messages that nobody reads any more, until the thread that fetched them frees them.
/// Freed by anybody else, they would fight with that thread over its malloc arena for each message:
/// glibc locks the arena that a block came from, and the thread is busy allocating the next ones.
/// And freed while others take messages they would fight over librdkafka's counts of references, so
/// the thread does it when the others have least to take: with an answer in hand that is not
/// parsed. (docs/results/consume_throughput.md has what each way costs.)
///
/// Thread safety: call from any thread.
class spent_messages {
public:
  using free_function = void (*)(std::span<const message>);

  /// What waits is kept below both; whoever brings more frees everything.
  struct limits {
    std::size_t messages = 131'072;
    std::size_t bytes = 16 * 1024 * 1024;
  };

  explicit spent_messages(free_function free) : spent_messages{free, limits{}} {}
  spent_messages(free_function free, limits most) noexcept : free_{free}, most_{most} {}
  ~spent_messages();
  spent_messages(const spent_messages&) = delete;
  spent_messages& operator=(const spent_messages&) = delete;

  /// Takes them over; `bytes` is the size of their keys and values. Where `fetched_by` has never
  /// called free_mine, whoever calls it next frees them.
  void add(std::vector<message> messages, std::size_t bytes, std::thread::id fetched_by);

  /// Frees what the calling thread fetched, and what nobody else is going to free.
  void free_mine();

  void free_all();

private:
  struct batch {
    std::thread::id for_whom; // anybody: the default
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
