#pragma once

#include <ottla/kafka/internal/driver/partition_queue.hpp>

#include "simulated_cluster.hpp"

#include <deque>
#include <memory>
#include <string>

namespace ottla::kafka::simulation {

/// Owns the messages that one take() returned. scene::batches counts all live batches.
class simulated_batch : public batch_memory {
public:
  explicit simulated_batch(scene& on) : on_{on} { ++on_.batches; }
  ~simulated_batch() override { --on_.batches; }
  simulated_batch(const simulated_batch&) = delete;
  simulated_batch& operator=(const simulated_batch&) = delete;

  std::optional<std::chrono::system_clock::time_point> timestamp(const message&) const override {
    return std::nullopt;
  }
  std::vector<header> headers(const message&) const override { return {}; }

  void add(const topic_partition& from, const log_entry& one);
  std::span<const message> messages() const { return messages_; }

private:
  scene& on_;
  std::deque<std::string> texts_;
  std::vector<message> messages_;
};

/// Fetches one assigned partition, as librdkafka does between assign and unassign.
class fetch_state : public std::enable_shared_from_this<fetch_state> {
public:
  fetch_state(simulated_cluster& of, std::size_t member, topic_partition which, std::int64_t from);

  void open();
  /// Stops the fetching and drops all waiting records.
  void close();
  /// Fetches again, because the log may have changed.
  void fetch_if_idle();

  /// The broker refuses the next fetch. False if the partition is not being fetched.
  bool refuse();
  std::size_t member() const noexcept { return member_; }

  fetched take(std::size_t most);
  void wake_on_message(waker wake);
  void seek(std::int64_t offset);

  /// The partition_queue of this state was destroyed.
  bool released = false;

private:
  void fetch_soon(moment delay);
  void fetch();
  void fail(errc code);
  void reach_end(std::int64_t end);
  void ring();

  simulated_cluster& of_;
  scene& on_;
  std::size_t member_;
  topic_partition which_;
  std::int64_t fetched_;  ///< next offset to fetch
  std::int64_t expected_; ///< next offset to take
  std::deque<log_entry> waiting_;
  std::int64_t end_ = -1;      ///< end of the log that fetching reached
  std::int64_t told_end_ = -1; ///< last end that take() returned
  std::optional<error> failed_;
  waker wake_;
  std::uint64_t run_ = 0; ///< number of seeks: fetches before the last seek are ignored
  bool fetching_ = false;
  bool closed_ = true;
  bool stopped_ = false; ///< an offset out of range has stopped the partition permanently
};

class simulated_queue : public partition_queue {
public:
  explicit simulated_queue(std::shared_ptr<fetch_state> state) : state_{std::move(state)} {}
  ~simulated_queue() override {
    state_->released = true;
    state_->close();
  }
  simulated_queue(const simulated_queue&) = delete;
  simulated_queue& operator=(const simulated_queue&) = delete;

  fetched take(std::size_t most) override { return state_->take(most); }
  void wake_on_message(waker wake) override { state_->wake_on_message(std::move(wake)); }
  void seek(std::int64_t offset) override { state_->seek(offset); }

private:
  std::shared_ptr<fetch_state> state_;
};

} // namespace ottla::kafka::simulation
