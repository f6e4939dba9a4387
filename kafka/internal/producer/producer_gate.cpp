#include <ottla/kafka/internal/driver/produce_target.hpp>
#include <ottla/kafka/internal/producer/produce_answers.hpp>
#include <ottla/kafka/internal/producer/producer_gate.hpp>
#include <ottla/kafka/internal/settings/topic_name.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace ottla::kafka {

namespace {

/// Which part of the buffer parked requests may use in addition. A single request may use more.
constexpr std::size_t parked_part = 8;

std::shared_ptr<outgoing> batch_of(produce what) {
  return std::make_shared<outgoing>(outgoing{.topic = std::move(what.topic),
                                             .partition = what.partition,
                                             .records = std::move(what.records)});
}

} // namespace

producer_gate::afterwards::~afterwards() {
  if (wake)
    (*wake)();
  if (watch)
    (*watch)();
  for (auto& [receiver, what] : answers_)
    receiver(std::move(what));
}

void producer_gate::afterwards::answer(request& one, produced with) {
  if (one.answer)
    answers_.emplace_back(std::exchange(one.answer, {}), std::move(with));
}

token producer_gate::submit(produce what, on_full how, time deadline, produced_receiver answer,
                            pace pace) {
  auto batch = batch_of(std::move(what));
  batch->is_urgent = pace == pace::at_once;
  batch->may_block = how == on_full::block;
  return submit({.batch = std::move(batch), .deadline = deadline, .answer = std::move(answer)},
                how);
}

void producer_gate::submit_of_run(run of, produce what, produced_receiver answer) {
  submit({.batch = batch_of(std::move(what)),
          .deadline = time::max(),
          .answer = std::move(answer),
          .only_by = of},
         on_full::refuse);
}

token producer_gate::submit(request one, on_full how) {
  afterwards later;
  if (one.batch->records.empty()) {
    later.answer(one, {});
    return 0;
  }
  one.bytes = send_buffer::bytes_of(one.batch->records);
  std::unique_lock guard{lock_};
  auto why = why_refused(one, how);
  const bool has_room = can_accept(one.bytes) && queue_.empty();
  if (!why && !has_room && (how == on_full::park || how == on_full::park_always)) {
    const auto counted = how == on_full::park ? one.bytes : 0;
    parked_bytes_ += counted;
    note_deadline(one.deadline, later);
    queue_.push_back({.bytes = one.bytes, .counted = counted, .parked = std::move(one)});
    return 0;
  }
  if (!why && !has_room)
    why = wait_for_room(guard, one);
  if (why) {
    later.answer(one, refused_answer(one.batch->records.size(), *why));
    later.ended.push_back(std::move(one));
    serve_queue(later);
    return 0;
  }
  if (has_room)
    buffer_.take(one.bytes);
  const auto which = accept(std::move(one), later);
  hand_over(guard, which, later);
  // Later calls may have room, too. They must not overtake this call.
  serve_queue(later);
  return which;
}

bool producer_gate::can_accept(std::size_t bytes) const noexcept {
  return state_ == state::running && buffer_.has_room(bytes);
}

error producer_gate::why_stopped() const {
  return {.code = errc::closed, .text = "the producer is shutting down"};
}

error producer_gate::why_full(const request& one) const {
  return {.code = errc::buffer_full,
          .retriable = true,
          .text
          = name_of_target(one.batch->topic, one.batch->partition) + ": "
            + (buffer_.has_room(one.bytes)
                 ? std::string{"records of earlier calls wait for room"}
                 : fmt::format("{} bytes exceed the free part of buffer_bytes", one.bytes))
            + fmt::format(": pending records use {} of {} bytes", buffer_.used(), buffer_.most())};
}

error producer_gate::why_no_room(const request& one) const {
  const auto target = name_of_target(one.batch->topic, one.batch->partition);
  if (state_ == state::absent)
    return {.code = errc::closed,
            .retriable = true,
            .text = target + ": the producer had not restarted by the deadline"};
  return {.code = errc::buffer_full,
          .retriable = true,
          .text = fmt::format("{}: {} bytes had no room in buffer_bytes by the deadline: pending "
                              "records use {} of {} bytes",
                              target, one.bytes, buffer_.used(), buffer_.most())};
}

std::optional<error> producer_gate::why_refused(const request& one, on_full how) const {
  const auto target = [&] { return name_of_target(one.batch->topic, one.batch->partition) + ": "; };
  if (auto fault = fault_of_topic(one.batch->topic))
    return error{.code = errc::bad_setting, .text = std::move(*fault)};
  if (one.bytes > buffer_.most())
    return error{.code = errc::buffer_full,
                 .text = fmt::format("{}a produce of {} bytes exceeds buffer_bytes ({}): split the "
                                     "produce, or raise buffer_bytes",
                                     target(), one.bytes, buffer_.most())};
  if (state_ == state::stopped) {
    auto why = why_stopped();
    why.text = target() + why.text;
    return why;
  }
  // A process that hung may still handle its messages after the next run has begun.
  if (one.only_by != 0 && one.only_by != run_)
    return error{.code = errc::closed, .retriable = true, .text = target() + "the producer ended"};
  if (how == on_full::block || how == on_full::park_always)
    return std::nullopt;
  if (state_ == state::absent && how == on_full::refuse)
    return error{
      .code = errc::closed, .retriable = true, .text = target() + "the producer is restarting"};
  if (can_accept(one.bytes) && queue_.empty())
    return std::nullopt;
  if (how == on_full::refuse)
    return why_full(one);
  const auto most = buffer_.most() / parked_part;
  if (parked_bytes_ == 0 || (one.bytes <= most && parked_bytes_ <= most - one.bytes))
    return std::nullopt;
  auto why = why_full(one);
  why.text
    += fmt::format(", and records that wait for room use {} of {} bytes", parked_bytes_, most);
  return why;
}

std::optional<error> producer_gate::wait_for_room(std::unique_lock<std::mutex>& guard,
                                                  const request& one) {
  std::condition_variable turn;
  const auto me = queue_.insert(queue_.end(), {.bytes = one.bytes, .turn = &turn});
  const auto is_over
    = [&] { return state_ == state::stopped || (me == queue_.begin() && can_accept(one.bytes)); };
  const bool is_in_time = one.deadline == time::max()
                            ? (turn.wait(guard, is_over), true)
                            : turn.wait_until(guard, one.deadline, is_over);
  std::optional<error> why;
  if (state_ == state::stopped) {
    why = why_stopped();
    why->text = name_of_target(one.batch->topic, one.batch->partition) + ": " + why->text;
  } else if (!is_in_time) {
    why = why_no_room(one);
  } else {
    buffer_.take(one.bytes);
  }
  queue_.erase(me);
  return why;
}

token producer_gate::accept(request one, afterwards& later) {
  one.batch->asked = ++last_token_;
  one.batch->is_urgent |= one.only_by != 0 && in_flight_.empty();
  records_in_flight_ += one.batch->records.size();
  if (stop_ != nullptr && !needs_time_)
    needs_time_.emplace(*stop_);
  note_deadline(one.deadline, later);
  in_flight_.emplace(last_token_, std::move(one));
  return last_token_;
}

void producer_gate::note_deadline(time deadline, afterwards& later) {
  if (deadline >= next_deadline_)
    return;
  next_deadline_ = deadline;
  later.watch = watch_;
}

void producer_gate::hand_over(std::unique_lock<std::mutex>& guard, token which, afterwards& later) {
  if (!handle_ || !waiting_.empty())
    wait_for_handle(which, later);
  else if (!send(guard, in_flight_.at(which), later))
    wait_for_handle(which, later);
  if (state_ == state::stopped && sending_ == 0)
    later.wake = wake_; // the shared producer may close the handle now
}

bool producer_gate::send(std::unique_lock<std::mutex>& guard, request& one, afterwards& later) {
  auto handle = handle_;
  const std::shared_ptr<const outgoing> batch = one.batch;
  const auto from = one.handed_over;
  one.is_sending = true;
  ++sending_;
  guard.unlock();
  auto end = from;
  bool has_thrown = false;
  try {
    end = handle->send(batch, from);
  } catch (...) {
    // For example no memory. The handle may have any number of the records.
    end = batch->records.size();
    has_thrown = true;
  }
  guard.lock();
  --sending_;
  later.dropped = std::move(handle); // this may be the last reference
  const auto found = in_flight_.find(batch->asked);
  // All records may be reported before send() returns.
  if (found == in_flight_.end())
    return true;
  found->second.is_sending = false;
  found->second.handed_over = end;
  if (!found->second.is_orphan && !has_thrown)
    return end == batch->records.size();
  later.answer(found->second, interrupted_answer(*batch, end, std::nullopt));
  remove(batch->asked, later);
  return true;
}

void producer_gate::wait_for_handle(token which, afterwards& later) {
  // The shared producer hands the records over, and must not be blocked.
  in_flight_.at(which).batch->may_block = false;
  waiting_.push_back(which);
  // The handle may have got room since it refused the records.
  if (waiting_.size() == 1)
    later.wake = wake_;
}

void producer_gate::serve_queue(afterwards& later) {
  while (!queue_.empty() && can_accept(queue_.front().bytes)) {
    auto& first = queue_.front();
    if (first.turn != nullptr) {
      first.turn->notify_one();
      return;
    }
    buffer_.take(first.bytes);
    parked_bytes_ -= first.counted;
    auto parked = std::move(first.parked);
    queue_.pop_front();
    wait_for_handle(accept(std::move(parked), later), later);
  }
}

void producer_gate::remove(token which, afterwards& later) {
  auto one = in_flight_.extract(which);
  buffer_.give_back(one.mapped().bytes);
  records_in_flight_ -= one.mapped().batch->records.size();
  later.ended.push_back(std::move(one.mapped()));
  if (in_flight_.empty())
    needs_time_.reset();
  serve_queue(later);
}

void producer_gate::give_up(token which) {
  afterwards later;
  const std::scoped_lock guard{lock_};
  const auto found = in_flight_.find(which);
  if (found == in_flight_.end())
    return;
  auto& one = found->second;
  const bool is_unsent = one.handed_over == 0 && !one.is_sending;
  later.answer(one, overdue_answer(*one.batch, !is_unsent));
  if (!is_unsent)
    return;
  std::erase(waiting_, which);
  remove(which, later);
  later.wake = wake_; // a producer that shuts down may have waited for these records
}

} // namespace ottla::kafka
