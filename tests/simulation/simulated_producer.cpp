#include "simulated_producer.hpp"

#include <algorithm>
#include <utility>

namespace ottla::kafka::simulation {

namespace {

constexpr std::size_t room = 8;

} // namespace

simulated_producer::simulated_producer(scene& on) : on_{on} {
  ++on_.producers;
}

simulated_producer::~simulated_producer() {
  --on_.producers;
}

void simulated_producer::wake_on_event(waker wake) {
  it_->wake = std::move(wake);
  if (it_->wake && !it_->events.empty())
    it_->wake();
}

std::optional<producer_event> simulated_producer::next_event() {
  if (it_->events.empty())
    return std::nullopt;
  auto event = std::move(it_->events.front());
  it_->events.pop_front();
  return event;
}

void simulated_producer::push(inside& it, producer_event event) {
  const bool first = it.events.empty();
  it.events.push_back(std::move(event));
  if (first && it.wake)
    it.wake();
}

std::size_t simulated_producer::send(const std::shared_ptr<const outgoing>& batch,
                                     std::size_t from) {
  const auto end = std::min(batch->records.size(), from + room - it_->held);
  it_->held += end - from;
  last_report_ = std::max(last_report_, on_.clock.now() + on_.latency());
  on_.clock.after(last_report_ - on_.clock.now(),
                  [weak = std::weak_ptr{it_}, sent = end - from,
                   whole = end == batch->records.size() ? batch->asked : token{0}] {
                    const auto it = weak.lock();
                    if (!it)
                      return;
                    it->held -= sent;
                    if (whole != 0)
                      push(*it, delivered{.asked = whole});
                    else if (it->wake)
                      it->wake();
                  });
  return end;
}

void simulated_producer::close() {
  if (on_.mishap(on_.how.hanging_closes))
    return;
  on_.clock.after(std::max(last_report_ - on_.clock.now(), on_.latency()),
                  [weak = std::weak_ptr{it_}] {
                    if (const auto it = weak.lock())
                      push(*it, closed{});
                  });
}

} // namespace ottla::kafka::simulation
