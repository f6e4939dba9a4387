#pragma once

#include "fake_events.hpp"
#include "fake_kafka.hpp"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ottla::kafka::test {

/// Accepts records until `producer_room` is used up. Only deliver() and abandon() report accepted
/// records.
class fake_producer : public producer_handle {
public:
  explicit fake_producer(std::shared_ptr<fake_kafka> of) : of_{std::move(of)} {
    of_->asked.emplace_back("open producer");
    of_->sender = this;
  }
  ~fake_producer() override {
    of_->asked.emplace_back("drop producer");
    of_->sender = nullptr;
  }

  void wake_on_event(waker wake) override { events_.wake_on_event(std::move(wake)); }

  std::optional<producer_event> next_event() override { return events_.next(); }

  std::size_t send(const std::shared_ptr<const outgoing>& batch, std::size_t from) override {
    if (closing_) {
      refuse(batch, from);
      return batch->records.size();
    }
    const auto room = of_->producer_room - held;
    const auto end = std::min(batch->records.size(), from + room);
    held += end - from;
    of_->asked.push_back("send " + batch->topic + '[' + std::to_string(from) + ','
                         + std::to_string(end) + ')');
    if (end == batch->records.size())
      whole.push_back(batch);
    return end;
  }

  void close() override {
    of_->asked.emplace_back("close producer");
    closing_ = true;
    if (of_->closes.what == reply::kind::answer)
      push(kafka::closed{});
  }

  void abandon() override {
    of_->asked.emplace_back("abandon");
    if (of_->abandons.what != reply::kind::answer)
      return;
    for (const auto& batch : std::exchange(whole, {}))
      refuse(batch, batch->records.size());
    push(kafka::closed{});
  }

  /// Frees all room without reporting a batch.
  void make_room() {
    held = 0;
    events_.wake_owner();
  }

  /// Reports the oldest complete batch as delivered, except for `failures`.
  void deliver(std::vector<delivered::failure> failures = {}) {
    const auto batch = whole.front();
    whole.pop_front();
    held -= std::min(held, batch->records.size());
    delivered report{.asked = batch->asked,
                     .places = std::vector<record_place>(batch->records.size())};
    for (std::size_t index = 0; index < batch->records.size(); ++index)
      if (!std::ranges::count(failures, index, &delivered::failure::index))
        report.places[index] = {std::max(batch->partition, 0), next_offset_++};
    report.failures = std::move(failures);
    push(report);
  }

  void push(const producer_event& event) { events_.push(event); }

  std::deque<std::shared_ptr<const outgoing>> whole;
  std::size_t held = 0;

private:
  /// Reports every record of the batch as failed. The first `sent` records may be stored.
  void refuse(const std::shared_ptr<const outgoing>& batch, std::size_t sent) {
    delivered report{.asked = batch->asked};
    for (std::size_t index = 0; index < batch->records.size(); ++index) {
      const auto code = index < sent ? errc::timed_out : errc::closed;
      report.failures.push_back({index, {.code = code, .text = "given up"}, index < sent});
    }
    push(report);
  }

  std::shared_ptr<fake_kafka> of_;
  fake_events<producer_event> events_;
  bool closing_ = false;
  std::int64_t next_offset_ = 0;
};

} // namespace ottla::kafka::test
