#pragma once

#include <ottla/kafka/embedded_cluster.hpp>
#include <ottla/kafka/internal/driver/consumer_handle_settings.hpp>
#include <ottla/kafka/internal/driver/librdkafka_driver.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace ottla::kafka::test {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

/// Counts wakes, and lets a test wait for the next one.
class wake_counter {
public:
  waker hand_out() {
    return [this] {
      const std::scoped_lock guard{lock_};
      ++rung_;
      woken_.notify_all();
    };
  }

  /// Waits until a wake has arrived since the last call. Returns false if none arrived by `until`.
  bool wait(steady::time_point until) {
    std::unique_lock guard{lock_};
    const bool came = woken_.wait_until(guard, until, [this] { return rung_ > seen_; });
    seen_ = rung_;
    return came;
  }

private:
  std::mutex lock_;
  std::condition_variable woken_;
  std::size_t rung_ = 0;
  std::size_t seen_ = 0;
};

/// A handle whose events are read only after its wakes.
template <class Handle, class Event>
class pump {
public:
  explicit pump(std::variant<std::unique_ptr<Handle>, error> opened)
    : handle_{std::move(std::get<std::unique_ptr<Handle>>(opened))} {
    handle_->wake_on_event(wakes_.hand_out());
  }
  ~pump() {
    if (handle_)
      handle_->wake_on_event({});
  }
  pump(const pump&) = delete;
  pump& operator=(const pump&) = delete;

  Handle* operator->() { return handle_.get(); }
  void destroy() { handle_.reset(); }

  template <class Wanted>
  std::optional<Wanted> find(std::chrono::milliseconds within) {
    const auto until = steady::now() + within;
    for (;;) {
      while (auto event = handle_->next_event())
        events_.push_back(std::move(*event));
      const auto found = std::ranges::find_if(
        events_, [](const Event& each) { return std::holds_alternative<Wanted>(each); });
      if (found != events_.end()) {
        auto answer = std::get<Wanted>(std::move(*found));
        events_.erase(found);
        return answer;
      }
      if (!wakes_.wait(until))
        return std::nullopt;
    }
  }

  template <class Wanted>
  Wanted expect(std::chrono::milliseconds within = 15s) {
    auto found = find<Wanted>(within);
    REQUIRE(found.has_value());
    return std::move(*found);
  }

private:
  wake_counter wakes_; // outlives the handle
  std::unique_ptr<Handle> handle_;
  std::deque<Event> events_;
};

using member = pump<consumer_handle, consumer_event>;
using sender = pump<producer_handle, producer_event>;

/// Uses the shortest durations that work with the embedded cluster.
inline consumer_handle_settings quick(std::string group) {
  return {.group = std::move(group),
          .session_timeout = 3300ms,
          .heartbeat_interval = 300ms,
          .fetch_wait = 10ms};
}

inline std::shared_ptr<const outgoing> make_batch(token asked, std::string topic,
                                                  std::vector<record> records,
                                                  std::int32_t partition = 0) {
  return std::make_shared<const outgoing>(
    outgoing{asked, std::move(topic), partition, std::move(records)});
}

inline std::vector<record> numbered(std::size_t count, std::size_t first = 0) {
  std::vector<record> records;
  for (std::size_t i = first; i < first + count; ++i)
    records.push_back({.key = std::nullopt, .value = std::to_string(i)});
  return records;
}

/// Produces records and waits until all of them are stored.
inline void store(driver& of, std::string topic, std::vector<record> records,
                  std::int32_t partition = 0) {
  sender to{of.open_producer({.linger = 0us})};
  const auto batch = make_batch(1, std::move(topic), std::move(records), partition);
  REQUIRE(to->send(batch, 0) == batch->records.size());
  REQUIRE(to.expect<delivered>().failures.empty());
}

/// Takes exactly `count` messages and returns their values. Returns fewer values after `within` or
/// a failure.
inline std::vector<std::string> read(partition_queue& from, std::size_t count,
                                     std::chrono::milliseconds within = 15s,
                                     std::size_t most = 100) {
  std::vector<std::string> values;
  wake_counter wakes;
  from.wake_on_message(wakes.hand_out());
  const auto until = steady::now() + within;
  while (values.size() < count) {
    const auto got = from.take(std::min(most, count - values.size()));
    for (const auto& each : got.messages)
      values.emplace_back(each.value());
    if (got.failed)
      break;
    if (!got.more && values.size() < count && !wakes.wait(until))
      break;
  }
  from.wake_on_message({});
  return values;
}

inline std::vector<position> all_at(const std::vector<topic_partition>& partitions,
                                    std::int64_t offset) {
  std::vector<position> positions;
  for (const auto& each : partitions)
    positions.push_back({each, offset});
  return positions;
}

using queues = std::vector<std::unique_ptr<partition_queue>>;

/// Joins the group and accepts the offered partitions from offset 0.
inline queues join(member& who, const std::string& topic) {
  who->subscribe(std::vector{topic});
  const auto offer = who.expect<assigned>();
  return who->assign(offer.answer, all_at(offer.partitions, 0));
}

inline void leave(member& who) {
  who->close();
  if (const auto back = who.find<revoked>(5s))
    who->unassign(back->answer, back->partitions);
  who.expect<closed>();
}

} // namespace ottla::kafka::test
