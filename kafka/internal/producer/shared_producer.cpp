#include <ottla/kafka/internal/driver/produce_target.hpp>
#include <ottla/kafka/internal/health/health_messages.hpp>
#include <ottla/kafka/internal/producer/shared_producer.hpp>
#include <ottla/supervision/internal/tree_context.hpp>
#include <ottla/supervision/orderly_end.hpp>

#include <fmt/format.h>

#include <chrono>
#include <stdexcept>
#include <utility>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;

/// How long to wait for the last delivery reports after the handle has abandoned its records.
constexpr auto report_within = 100ms;

constexpr auto idle_check_interval = 10s;

/// True if the record was rejected for a reason that more time would not change.
bool is_refusal(const error& why) {
  switch (why.code) {
    case errc::record_too_large:
    case errc::not_authorized:
    case errc::unknown_topic:
    case errc::bad_setting: return true;
    default: return false;
  }
}

} // namespace

shared_producer::shared_producer(caf::actor_config& config, process_context context,
                                 std::shared_ptr<driver> seam, producer_settings settings,
                                 std::shared_ptr<observer> observer,
                                 std::shared_ptr<health_board> health)
  : process{config, std::move(context)},
    seam_{std::move(seam)},
    settings_{std::move(settings)},
    observer_{std::move(observer)},
    health_{std::move(health)} {}

caf::behavior shared_producer::set_up() {
  if (owes_health())
    cast_after(this, idle_check_interval, check_idle{});
  return {
    [this](send_records& request) { return accept(request); },
    [this](producer_woke) { handle_events(); },
    [this](flush_deadline) { flush_overdue(); },
    [this](report_deadline) { stop(*stop_reason_); },
    [this](check_idle) { note_idleness(); },
    [](sign_of_life) {},
  };
}

void shared_producer::shutdown(const exit_reason& why) {
  if (stop_reason_)
    return;
  if (!producer_) {
    stop(why);
    return;
  }
  // The topic producers have already ended, so no more records come.
  stop_reason_ = why;
  for (const auto& [asked, one] : in_flight_)
    at_end_ += one.batch->records.size();
  cast_after(this, time_to_end(context(), now().time_since_epoch()), flush_deadline{});
  handle_events();
}

void shared_producer::close_if_all_sent() {
  if (!stop_reason_ || closing_ || !waiting_.empty())
    return;
  closing_ = true;
  producer_->close();
}

void shared_producer::flush_overdue() {
  if (!std::exchange(closing_, true))
    producer_->close();
  // The closed handle rejects these records, so that the whole batch is reported.
  send_waiting();
  producer_->abandon();
  cast_after(this, report_within, report_deadline{});
  handle_events();
}

void shared_producer::terminated() {
  producer_.reset();
  if (!stop_reason_) {
    at_end_ = 0;
    for (const auto& [asked, one] : in_flight_)
      at_end_ += one.batch->records.size();
  }
  for (auto& [asked, one] : in_flight_)
    give_up(one, handed_over_of(*one.batch));
  in_flight_.clear();
  waiting_.clear();
  needs_time_.reset();
  report_lost();
}

std::size_t shared_producer::handed_over_of(const outgoing& batch) const {
  // The handle accepts batches in the order of their tokens.
  if (waiting_.empty() || batch.asked < waiting_.front()->asked)
    return batch.records.size();
  return batch.asked == waiting_.front()->asked ? sent_of_first_ : 0;
}

void shared_producer::give_up(batch_in_flight& one, std::size_t handed_over) {
  produced answer;
  const auto target = name_of_target(one.batch->topic, one.batch->partition);
  const auto size = one.batch->records.size();
  for (std::size_t index = 0; index < size; ++index) {
    const bool sent = index < handed_over;
    answer.failures.push_back(
      {.index = index,
       .why = {.code = sent ? errc::timed_out : errc::closed,
               .retriable = true,
               .text = target
                       + (sent ? ": the shared producer ended before the record was confirmed"
                               : ": the shared producer ended before the record was sent")},
       .may_be_stored = sent});
    count_lost(answer.failures.back());
  }
  // A dropped promise sends no answer, and the caller would wait until its deadline.
  one.answer.deliver(std::move(answer));
}

void shared_producer::count_lost(const produced::failure& one) {
  if (is_refusal(one.why))
    return;
  ++lost_;
  if (one.may_be_stored)
    ++unknown_;
}

void shared_producer::report_lost() {
  if (lost_ == 0)
    return;
  auto text = fmt::format("{} of {} records were not confirmed", lost_, at_end_);
  if (unknown_ != 0)
    text += fmt::format(", {} of them may be stored", unknown_);
  leave_unfinished(context(), text);
  observer_->left_unfinished({unfinished::kind::records, lost_, std::move(text)});
}

caf::result<produced> shared_producer::accept(send_records& request) {
  if (request.records.empty())
    return produced{};
  if (stop_reason_)
    return make_text_error(name_of_target(request.topic, request.partition)
                           + ": the shared producer is shutting down");
  open();
  auto batch = std::make_shared<const outgoing>(outgoing{.asked = ++last_token_,
                                                         .topic = std::move(request.topic),
                                                         .partition = request.partition,
                                                         .records = std::move(request.records)});
  auto promise = make_response_promise();
  in_flight_.emplace(batch->asked, batch_in_flight{batch, promise, std::move(request.room)});
  if (auto* tree = tree_of(context()); tree != nullptr && !needs_time_)
    needs_time_.emplace(tree->stop);
  waiting_.push_back(std::move(batch));
  send_waiting();
  return promise;
}

void shared_producer::open() {
  if (producer_)
    return;
  auto opened = seam_->open_producer(settings_);
  if (const auto* refused = std::get_if<error>(&opened))
    throw std::runtime_error{to_string(*refused)};
  producer_ = std::move(std::get<0>(opened));
  producer_->wake_on_event([me = caf::actor_addr{address()}] {
    if (auto self = caf::actor_cast<caf::actor>(me))
      post(self, producer_woke{});
  });
}

void shared_producer::send_waiting() {
  while (!waiting_.empty()) {
    const auto& first = waiting_.front();
    sent_of_first_ = producer_->send(first, sent_of_first_);
    if (sent_of_first_ < first->records.size())
      return;
    waiting_.pop_front();
    sent_of_first_ = 0;
  }
}

void shared_producer::handle_events() {
  while (auto event = producer_ ? producer_->next_event() : std::nullopt)
    std::visit([this](const auto& what) { handle(what); }, *event);
  if (!producer_)
    return;
  send_waiting();
  close_if_all_sent();
}

void shared_producer::note_idleness() {
  if (in_flight_.empty() && !health_.is_in_doubt())
    report_healthy();
  if (owes_health())
    cast_after(this, idle_check_interval, check_idle{});
}

void shared_producer::handle(const delivered& event) {
  const auto found = in_flight_.find(event.asked);
  if (found == in_flight_.end())
    return;
  produced answer{.stored = found->second.batch->records.size() - event.failures.size()};
  for (const auto& failure : event.failures) {
    answer.failures.push_back({failure.index, failure.why, failure.may_be_stored});
    if (stop_reason_)
      count_lost(answer.failures.back());
  }
  health_.reported(found->second.batch->topic, answer.stored, event);
  if (answer.stored > 0)
    report_healthy();
  found->second.answer.deliver(std::move(answer));
  in_flight_.erase(found);
  if (in_flight_.empty())
    needs_time_.reset();
}

void shared_producer::handle(const handle_failed& event) {
  health_.failed(event.what);
  observer_->failed(event.what);
  if (event.what.fatal)
    stop(exit_reason::crashed(to_string(event.what)));
}

void shared_producer::handle(const handle_logged& event) {
  observer_->logged(event.line);
}

void shared_producer::handle(const closed&) {
  stop(stop_reason_ ? *stop_reason_ : exit_reason::crashed("the Kafka handle closed unexpectedly"));
}

} // namespace ottla::kafka
