#include <ottla/kafka/internal/driver/produce_target.hpp>
#include <ottla/kafka/internal/producer/produce_answers.hpp>
#include <ottla/kafka/internal/producer/producer_gate.hpp>

#include <algorithm>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;

/// The shortest pause between two calls of expire(). Bounds the work for many different deadlines.
constexpr auto least_pause = 1ms;

} // namespace

producer_gate::run producer_gate::attach(std::function<void()> wake, stop_deadline* stop) {
  afterwards later;
  const std::scoped_lock guard{lock_};
  // A process that hangs may still be attached.
  end_run(0, std::nullopt, later);
  ended_early_ = {};
  wake_ = std::make_shared<const std::function<void()>>(std::move(wake));
  stop_ = stop;
  state_ = state::running;
  serve_queue(later);
  return ++run_;
}

bool producer_gate::has_waiting() const {
  const std::scoped_lock guard{lock_};
  return !waiting_.empty();
}

void producer_gate::open(run of, std::shared_ptr<producer_handle> handle) {
  const std::scoped_lock guard{lock_};
  if (of == run_)
    handle_ = std::move(handle);
}

void producer_gate::send_waiting(run of) {
  afterwards later;
  std::unique_lock guard{lock_};
  while (of == run_ && handle_ && !waiting_.empty()) {
    const auto first = waiting_.front();
    if (!send(guard, in_flight_.at(first), later))
      return;
    if (!waiting_.empty() && waiting_.front() == first)
      waiting_.pop_front();
  }
}

std::optional<producer_gate::reported> producer_gate::finish(run of, delivered report) {
  afterwards later;
  const std::scoped_lock guard{lock_};
  const auto found = in_flight_.find(report.asked);
  if (of != run_ || found == in_flight_.end())
    return std::nullopt;
  const auto& batch = *found->second.batch;
  const auto asked = report.asked;
  reported what{batch.topic, batch.records.size() - report.failures.size()};
  later.answer(found->second, reported_answer(batch.records.size(), std::move(report)));
  remove(asked, later);
  return what;
}

void producer_gate::expire(time now) {
  afterwards later;
  const std::scoped_lock guard{lock_};
  std::vector<token> unsent;
  for (auto& [which, one] : in_flight_) {
    if (!one.answer || one.deadline > now)
      continue;
    const bool is_unsent = one.handed_over == 0 && !one.is_sending;
    later.answer(one, overdue_answer(*one.batch, !is_unsent));
    if (is_unsent)
      unsent.push_back(which);
  }
  std::ranges::sort(unsent);
  std::erase_if(waiting_, [&](token which) { return std::ranges::binary_search(unsent, which); });
  for (const auto which : unsent)
    remove(which, later);
  if (!unsent.empty())
    later.wake = wake_; // a producer that shuts down may have waited for these records
  for (auto each = queue_.begin(); each != queue_.end();)
    if (each->turn == nullptr && each->parked.deadline <= now) {
      later.answer(each->parked,
                   refused_answer(each->parked.batch->records.size(), why_no_room(each->parked)));
      parked_bytes_ -= each->counted;
      later.ended.push_back(std::move(each->parked));
      each = queue_.erase(each);
    } else {
      ++each;
    }
  serve_queue(later);
  find_next_deadline(now + least_pause);
}

void producer_gate::find_next_deadline(time not_before) {
  auto next = time::max();
  for (const auto& [which, one] : in_flight_)
    if (one.answer)
      next = std::min(next, one.deadline);
  for (const auto& each : queue_)
    if (each.turn == nullptr)
      next = std::min(next, each.parked.deadline);
  next_deadline_ = std::max(next, not_before);
}

producer_gate::time producer_gate::next_deadline() const {
  const std::scoped_lock guard{lock_};
  return next_deadline_;
}

std::size_t producer_gate::begin_stop(run of) {
  afterwards later;
  const std::scoped_lock guard{lock_};
  if (of != run_)
    return 0;
  refuse_new(later);
  return records_in_flight_;
}

void producer_gate::refuse_parked(afterwards& later) {
  for (auto& each : queue_)
    if (each.turn == nullptr) {
      auto reason = why_stopped();
      reason.text = name_of_target(each.parked.batch->topic, each.parked.batch->partition) + ": "
                    + reason.text;
      later.answer(each.parked, refused_answer(each.parked.batch->records.size(), reason));
      later.ended.push_back(std::move(each.parked));
    }
  std::erase_if(queue_, [](const queued& each) { return each.turn == nullptr; });
  parked_bytes_ = 0;
}

void producer_gate::begin_life(const void* owner, std::function<void()> watch) {
  afterwards later;
  const std::scoped_lock guard{lock_};
  owner_ = owner;
  watch_ = std::make_shared<const std::function<void()>>(std::move(watch));
  // The supervisor before may have hung, and left produces that wait for their deadlines.
  if (next_deadline_ != time::max())
    later.watch = watch_;
}

void producer_gate::end_life(const void* owner) {
  afterwards later;
  const std::scoped_lock guard{lock_};
  if (owner != owner_)
    return;
  owner_ = nullptr;
  watch_ = nullptr;
  refuse_new(later);
  ended_early_ = end_run(0, std::nullopt, later);
  next_deadline_ = time::max();
}

void producer_gate::refuse_new(afterwards& later) {
  state_ = state::stopped;
  refuse_parked(later);
  for (auto& each : queue_)
    each.turn->notify_one();
}

bool producer_gate::is_drained() const {
  const std::scoped_lock guard{lock_};
  return waiting_.empty() && sending_ == 0;
}

producer_gate::unconfirmed producer_gate::detach(run of, std::optional<error> why) {
  afterwards later;
  const std::scoped_lock guard{lock_};
  release(of, later);
  if (of != run_)
    return {};
  auto lost = end_run(of, why, later);
  const auto early = std::exchange(ended_early_, {});
  lost.records += early.records;
  lost.unknown += early.unknown;
  return lost;
}

void producer_gate::release(run of, afterwards& later) {
  for (auto& each : owed_)
    if (each.only_by == of)
      later.answer(each, interrupted_answer(*each.batch, each.handed_over, std::nullopt));
  std::erase_if(owed_, [&](const request& each) { return each.only_by == of; });
}

producer_gate::unconfirmed producer_gate::end_run(run by, const std::optional<error>& why,
                                                  afterwards& later) {
  unconfirmed lost;
  if (state_ == state::running)
    state_ = state::absent;
  wake_ = nullptr;
  stop_ = nullptr;
  later.dropped = std::exchange(handle_, nullptr);
  waiting_.clear();
  std::vector<token> over;
  for (auto& [which, one] : in_flight_) {
    const auto size = one.batch->records.size();
    lost.records += size;
    lost.unknown += one.is_sending ? size : one.handed_over;
    one.is_orphan = true;
    if (one.is_sending)
      continue;
    if (one.only_by == 0 || one.only_by == by)
      later.answer(one, interrupted_answer(*one.batch, one.handed_over, why));
    else if (one.answer)
      owed_.push_back({.batch = one.batch,
                       .answer = std::exchange(one.answer, {}),
                       .handed_over = one.handed_over,
                       .only_by = one.only_by});
    over.push_back(which);
  }
  // The state is not `running`, so remove() accepts nothing from the queue.
  for (const auto which : over)
    remove(which, later);
  needs_time_.reset();
  return lost;
}

std::size_t producer_gate::records_in_flight() const {
  const std::scoped_lock guard{lock_};
  return records_in_flight_;
}

} // namespace ottla::kafka
