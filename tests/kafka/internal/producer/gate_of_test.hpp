#pragma once

#include <ottla/kafka/internal/producer/producer_gate.hpp>

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ottla::kafka::test {

using time_point = producer_gate::time;
using on_full = producer_gate::on_full;
inline constexpr auto never = time_point::max();

/// Accepts records until `room` is used up, and reports nothing by itself.
class handle_of_test : public producer_handle {
public:
  void wake_on_event(waker) override {}
  std::optional<producer_event> next_event() override { return std::nullopt; }
  std::size_t send(const std::shared_ptr<const outgoing>& batch, std::size_t from) override {
    if (during_send)
      during_send();
    const auto end = std::min(batch->records.size(), from + room);
    room -= end - from;
    is_last_urgent = batch->is_urgent;
    may_last_block = batch->may_block;
    sent.push_back(batch->topic + '[' + std::to_string(from) + ',' + std::to_string(end) + ')');
    return end;
  }
  void close() override {}
  void abandon() override {}

  std::size_t room = 1'000;
  std::vector<std::string> sent;
  bool is_last_urgent = false;
  bool may_last_block = false;
  std::function<void()> during_send;
};

/// A gate with room for four records without bytes.
struct gate_of_test {
  producer_gate gate{4 * send_buffer::overhead_of_record};
  std::shared_ptr<handle_of_test> handle = std::make_shared<handle_of_test>();
  std::atomic<int> wakes = 0;
  std::atomic<int> watches = 0;
  producer_gate::run run = 0;

  gate_of_test() {
    gate.begin_life(this, [this] { ++watches; });
    start();
  }

  void start() {
    run = gate.attach([this] { ++wakes; }, nullptr);
    gate.open(run, handle);
    wakes = 0;
  }

  struct pending {
    token which = 0;
    std::shared_ptr<std::optional<produced>> answer = std::make_shared<std::optional<produced>>();
    std::shared_ptr<int> answers = std::make_shared<int>(0);

    const produced& get() const { return answer->value(); }
    bool has_answer() const { return answer->has_value(); }
    errc code(std::size_t index = 0) const { return get().failures.at(index).why.code; }
  };

  pending submit(std::size_t records, on_full how = on_full::refuse, time_point deadline = never,
                 std::string topic = "t",
                 producer_gate::pace pace = producer_gate::pace::lingering) {
    pending made;
    made.which = gate.submit(
      {.topic = std::move(topic), .records = std::vector<record>(records)}, how, deadline,
      [made](produced what) {
        ++*made.answers;
        *made.answer = std::move(what);
      },
      pace);
    return made;
  }

  void report(const pending& one, std::size_t records) {
    gate.finish(run, {.asked = one.which, .places = std::vector<record_place>(records, {1, 7})});
  }
};

} // namespace ottla::kafka::test
