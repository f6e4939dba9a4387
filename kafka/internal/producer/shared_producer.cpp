#include <ottla/kafka/internal/health/health_messages.hpp>
#include <ottla/kafka/internal/producer/shared_producer.hpp>
#include <ottla/kafka/internal/producer/shared_producer_messages.hpp>
#include <ottla/supervision/internal/tree_context.hpp>
#include <ottla/supervision/orderly_end.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;

/// How long to wait for the last delivery reports after the handle has abandoned its records.
constexpr auto report_within = 100ms;

constexpr auto idle_check_interval = 10s;

/// After this many events the process handles its other messages.
constexpr int most_events = 1'000;

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
                                 std::vector<topic_producer_settings> topics,
                                 std::shared_ptr<observer> observer,
                                 std::shared_ptr<health_board> health,
                                 std::shared_ptr<producer_gate> gate)
  : process{config, std::move(context)},
    seam_{std::move(seam)},
    settings_{std::move(settings)},
    topics_{std::move(topics)},
    observer_{std::move(observer)},
    health_{std::move(health)},
    gate_{std::move(gate)} {}

caf::behavior shared_producer::set_up() {
  if (owes_health())
    cast_after(this, idle_check_interval, check_idle{});
  auto* tree = tree_of(context());
  run_ = gate_->attach(
    [me = caf::actor_addr{address()}] {
      if (auto self = caf::actor_cast<caf::actor>(me))
        post(self, producer_woke{});
    },
    tree == nullptr ? nullptr : &tree->stop);
  return {
    [this](produce& request) { return accept(request); },
    [this](producer_woke) { handle_events(); },
    [this](flush_deadline) { flush_overdue(); },
    [this](report_deadline) { stop(*stop_reason_); },
    [this](check_idle) { note_idleness(); },
    [](sign_of_life) {},
  };
}

caf::result<produced> shared_producer::accept(produce& request) {
  auto promise = make_response_promise();
  // The caller's own deadline limits the wait.
  gate_->submit_of_run(run_, std::move(request),
                       [promise](produced answer) mutable { promise.deliver(std::move(answer)); });
  return promise;
}

void shared_producer::open() {
  auto opened = seam_->open_producer(settings_, topics_);
  if (auto* refused = std::get_if<error>(&opened)) {
    refused_ = *refused;
    throw std::runtime_error{to_string(*refused)};
  }
  producer_ = std::move(std::get<0>(opened));
  gate_->open(run_, producer_);
  producer_->wake_on_event([me = caf::actor_addr{address()}] {
    if (auto self = caf::actor_cast<caf::actor>(me))
      post(self, producer_woke{});
  });
}

void shared_producer::handle_events() {
  if (!producer_ && gate_->has_waiting())
    open();
  take_events();
  if (!producer_) {
    // The records that waited for the handle were given up.
    if (stop_reason_)
      stop(*stop_reason_);
    return;
  }
  gate_->send_waiting(run_);
  close_if_all_sent();
}

void shared_producer::take_events() {
  if (!producer_)
    return;
  // Callers hand over more records meanwhile, so the events may never end.
  for (int taken = 0; taken < most_events; ++taken) {
    auto event = producer_->next_event();
    if (!event)
      return;
    std::visit([this](auto& what) { handle(what); }, *event);
  }
  cast(this, self(), producer_woke{});
}

void shared_producer::note_idleness() {
  if (gate_->records_in_flight() == 0 && !health_.is_in_doubt())
    report_healthy();
  if (owes_health())
    cast_after(this, idle_check_interval, check_idle{});
}

void shared_producer::handle(delivered& event) {
  if (stop_reason_)
    for (const auto& failure : event.failures)
      if (!is_refusal(failure.why)) {
        ++lost_;
        unknown_ += failure.may_be_stored ? 1 : 0;
      }
  const auto failures = event.failures;
  const auto what = gate_->finish(run_, std::move(event));
  if (!what)
    return;
  health_.reported(what->topic, what->stored, failures);
  if (what->stored > 0)
    report_healthy();
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

void shared_producer::shutdown(const exit_reason& why) {
  if (stop_reason_)
    return;
  stop_reason_ = why;
  at_end_ = gate_->begin_stop(run_);
  if (!producer_ && !gate_->has_waiting()) {
    stop(why);
    return;
  }
  cast_after(this, time_to_end(context(), now().time_since_epoch()), flush_deadline{});
  handle_events();
}

void shared_producer::close_if_all_sent() {
  if (!stop_reason_ || closing_ || !gate_->is_drained())
    return;
  closing_ = true;
  producer_->close();
}

void shared_producer::flush_overdue() {
  if (!producer_) {
    stop(*stop_reason_);
    return;
  }
  if (!std::exchange(closing_, true))
    producer_->close();
  // The closed handle rejects these records, so that the whole batch is reported.
  gate_->send_waiting(run_);
  producer_->abandon();
  cast_after(this, report_within, report_deadline{});
  handle_events();
}

void shared_producer::terminated() {
  const auto lost = gate_->detach(run_, refused_);
  if (!stop_reason_)
    at_end_ = lost.records;
  producer_.reset();
  lost_ += lost.records;
  unknown_ += lost.unknown;
  report_lost();
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

} // namespace ottla::kafka
