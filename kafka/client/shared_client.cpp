#include <ottla/kafka/client/shared_client.hpp>

#include <chrono>
#include <stdexcept>
#include <utility>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;

constexpr auto flush_within = 900ms;

} // namespace

shared_client::shared_client(caf::actor_config& config, process_context context,
                             std::shared_ptr<client> seam, producer_settings settings,
                             std::shared_ptr<observer> observer)
  : process{config, std::move(context)},
    seam_{std::move(seam)},
    settings_{std::move(settings)},
    observer_{std::move(observer)} {}

caf::behavior shared_client::set_up() {
  return {
    [this](send_records& request) { return accept(request); },
    [this](producer_woke) { look_at_events(); },
    [this](flush_deadline) { stop(*stop_reason_); },
  };
}

void shared_client::shutdown(const exit_reason& why) {
  if (stop_reason_)
    return;
  if (!producer_) {
    stop(why);
    return;
  }
  // The producers have ended before: what is in flight is all that there will be.
  stop_reason_ = why;
  cast_after(this, flush_within, flush_deadline{});
  send_waiting();
  producer_->close();
  look_at_events();
}

void shared_client::terminated() {
  producer_.reset();
  // A promise that is only dropped answers nobody before the asker's deadline.
  for (auto& [asked, one] : in_flight_)
    one.answer.deliver(make_text_error("the client ended before all records were reported"));
  in_flight_.clear();
}

caf::result<produced> shared_client::accept(send_records& request) {
  if (request.records.empty())
    return produced{};
  if (stop_reason_)
    return make_text_error("the client is shutting down");
  open();
  auto batch = std::make_shared<const outgoing>(outgoing{.asked = ++last_token_,
                                                         .topic = std::move(request.topic),
                                                         .partition = request.partition,
                                                         .records = std::move(request.records)});
  auto promise = make_response_promise();
  in_flight_.emplace(batch->asked, batch_in_flight{batch, promise});
  waiting_.push_back(std::move(batch));
  send_waiting();
  return promise;
}

void shared_client::open() {
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

void shared_client::send_waiting() {
  while (!waiting_.empty()) {
    const auto& first = waiting_.front();
    sent_of_first_ = producer_->send(first, sent_of_first_);
    if (sent_of_first_ < first->records.size())
      return;
    waiting_.pop_front();
    sent_of_first_ = 0;
  }
}

void shared_client::look_at_events() {
  while (auto event = producer_ ? producer_->next_event() : std::nullopt)
    std::visit([this](const auto& what) { handle(what); }, *event);
  if (producer_)
    send_waiting();
}

void shared_client::handle(const delivered& event) {
  const auto found = in_flight_.find(event.asked);
  if (found == in_flight_.end())
    return;
  produced answer{.stored = found->second.batch->records.size() - event.failures.size()};
  for (const auto& failure : event.failures)
    answer.failures.push_back({failure.index, failure.why});
  found->second.answer.deliver(std::move(answer));
  in_flight_.erase(found);
}

void shared_client::handle(const client_failed& event) {
  observer_->failed(event.what);
  if (event.what.fatal)
    stop(exit_reason::crashed(to_string(event.what)));
}

void shared_client::handle(const closed&) {
  stop(stop_reason_ ? *stop_reason_ : exit_reason::crashed("the client closed by itself"));
}

} // namespace ottla::kafka
