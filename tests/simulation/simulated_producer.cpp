#include "simulated_producer.hpp"

#include <ottla/kafka/internal/producer/send_buffer.hpp>
#include <ottla/kafka/producer/producer_settings.hpp>

#include <algorithm>
#include <utility>

namespace ottla::kafka::simulation {

namespace {

constexpr std::size_t room = 8;

} // namespace

simulated_producer::simulated_producer(simulated_cluster& of, std::size_t member,
                                       const producer_settings& how)
  : of_{of}, on_{of.on()}, member_{member}, buffer_bytes_{how.buffer_bytes} {
  ++on_.producers;
}

simulated_producer::~simulated_producer() {
  // Brokers may still store records that were sent, in the order of the records.
  for (const auto& [asked, one] : handle_->batches)
    for (auto index = one.stored; index < one.taken && on_.mishap(700); ++index)
      on_.store_record(*one.batch->records[index].value);
  --on_.producers;
}

void simulated_producer::wake_on_event(waker wake) {
  handle_->wake = std::move(wake);
  if (handle_->wake && !handle_->events.empty())
    handle_->wake();
}

std::optional<producer_event> simulated_producer::next_event() {
  if (handle_->events.empty())
    return std::nullopt;
  auto event = std::move(handle_->events.front());
  handle_->events.pop_front();
  return event;
}

void simulated_producer::push(producer_event event) {
  const bool first = handle_->events.empty();
  handle_->events.push_back(std::move(event));
  if (first && handle_->wake)
    handle_->wake();
}

std::size_t simulated_producer::send(const std::shared_ptr<const outgoing>& batch,
                                     std::size_t from) {
  auto& one = handle_->batches[batch->asked];
  one.batch = batch;
  check_buffer();
  if (handle_->closing) {
    const auto refused = handle_->batches.extract(batch->asked);
    report(refused.mapped());
    return batch->records.size();
  }
  const auto end = std::min(batch->records.size(), from + room - handle_->held);
  // The caller may give up a batch of which the handle has no record.
  if (end == 0) {
    handle_->batches.erase(batch->asked);
    return 0;
  }
  handle_->held += end - from;
  one.taken = end;
  store_soon();
  return end;
}

void simulated_producer::check_buffer() {
  std::size_t bytes = 0;
  for (const auto& [asked, one] : handle_->batches)
    bytes += send_buffer::bytes_of(one.batch->records);
  on_.checks.demand(bytes <= buffer_bytes_, "no more than buffer_bytes are pending",
                    "m{}: {} of {}", member_, bytes, buffer_bytes_);
}

void simulated_producer::store_soon() {
  if (handle_->batches.empty() || std::exchange(handle_->storing, true))
    return;
  // The function does nothing after the handle was destroyed.
  on_.clock.after(of_.reachable(member_) ? on_.latency() : on_.within(5, 50),
                  [this, weak = std::weak_ptr{handle_}] {
                    if (weak.lock())
                      store();
                  });
}

void simulated_producer::store() {
  handle_->storing = false;
  if (!of_.reachable(member_) || handle_->batches.empty()) {
    store_soon();
    return;
  }
  auto& first = handle_->batches.begin()->second;
  handle_->held -= first.taken - first.stored;
  for (; first.stored < first.taken; ++first.stored)
    first.places.push_back(on_.store_record(*first.batch->records[first.stored].value));
  if (first.stored < first.batch->records.size()) {
    // The queue has room again.
    if (handle_->wake)
      handle_->wake();
    return;
  }
  if (!on_.mishap(on_.how.lost_reports)) {
    auto done = handle_->batches.extract(handle_->batches.begin());
    push(delivered{.asked = done.key(), .places = std::move(done.mapped().places)});
  }
  close_if_empty();
  store_soon();
}

void simulated_producer::report(const in_flight& batch) {
  delivered report{.asked = batch.batch->asked};
  // Stored records also count as unknown, since the brokers' answers did not arrive.
  for (std::size_t index = 0; index < batch.batch->records.size(); ++index) {
    const bool sent = index < batch.taken;
    report.failures.push_back(
      {index,
       {.code = sent ? errc::timed_out : errc::closed, .retriable = true, .text = "simulated"},
       sent});
  }
  push(std::move(report));
}

void simulated_producer::close() {
  handle_->closing = true;
  close_if_empty();
}

void simulated_producer::abandon() {
  for (const auto& [asked, one] : std::exchange(handle_->batches, {}))
    report(one);
  close_if_empty();
}

void simulated_producer::close_if_empty() {
  if (!handle_->closing || !handle_->batches.empty() || on_.mishap(on_.how.hanging_closes))
    return;
  on_.clock.after(on_.latency(), [this, weak = std::weak_ptr{handle_}] {
    if (weak.lock())
      push(closed{});
  });
}

} // namespace ottla::kafka::simulation
