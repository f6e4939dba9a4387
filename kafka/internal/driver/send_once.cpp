#include <ottla/actors/saturating.hpp>
#include <ottla/kafka/internal/driver/send_once.hpp>
#include <ottla/kafka/internal/producer/produce_answers.hpp>
#include <ottla/kafka/internal/producer/send_buffer.hpp>
#include <ottla/kafka/internal/settings/time_limits.hpp>
#include <ottla/kafka/internal/settings/topic_name.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <variant>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

/// How long the abandoned handle may take to report the records that have no answer.
constexpr auto longest_report = 100ms;

/// librdkafka rejects smaller buffers than its largest message.
constexpr std::size_t least_buffer = 64 * 1024 * 1024;

class doorstep {
public:
  void ring() {
    const std::scoped_lock guard{lock_};
    rung_ = true;
    changed_.notify_one();
  }
  /// Returns false if nobody rang until then.
  bool wait(steady::time_point until) {
    std::unique_lock guard{lock_};
    const bool rung = changed_.wait_until(guard, until, [this] { return rung_; });
    rung_ = false;
    return rung;
  }

private:
  std::mutex lock_;
  std::condition_variable changed_;
  bool rung_ = false;
};

/// One handle and its one batch.
class one_off {
public:
  one_off(std::unique_ptr<producer_handle> handle, std::shared_ptr<const outgoing> batch)
    : handle_{std::move(handle)}, batch_{std::move(batch)} {
    handle_->wake_on_event([step = step_] { step->ring(); });
  }

  /// Hands records over, and reads reports until `until`, or until the batch is reported.
  void run(steady::time_point until) {
    do {
      while (auto event = handle_->next_event())
        if (auto* report = std::get_if<delivered>(&*event))
          answer_ = reported_answer(batch_->records.size(), std::move(*report));
      if (answer_)
        return;
      send_rest();
    } while (step_->wait(until));
  }

  /// Gives up the records that have no answer.
  void abandon(steady::time_point until) {
    close();
    sent_ = handle_->send(batch_, sent_);
    handle_->abandon();
    run(until);
  }

  produced answer(std::size_t handed_over) {
    return answer_ ? std::move(*answer_) : interrupted_answer(*batch_, handed_over, std::nullopt);
  }

  bool has_answer() const noexcept { return answer_.has_value(); }
  std::size_t sent() const noexcept { return sent_; }

private:
  void send_rest() {
    if (sent_ < batch_->records.size())
      sent_ = handle_->send(batch_, sent_);
    // Makes the handle send without waiting for linger.ms.
    if (sent_ == batch_->records.size())
      close();
  }
  void close() {
    if (!std::exchange(closed_, true))
      handle_->close();
  }

  std::shared_ptr<doorstep> step_ = std::make_shared<doorstep>();
  std::unique_ptr<producer_handle> handle_;
  std::shared_ptr<const outgoing> batch_;
  std::size_t sent_ = 0;
  bool closed_ = false;
  std::optional<produced> answer_;
};

} // namespace

result<produced> send_once(driver& over, const std::string& topic, std::vector<record> records,
                           std::chrono::milliseconds within) {
  const auto begin = steady::now();
  if (auto fault = fault_of_topic(topic))
    return error{.code = errc::bad_setting, .text = std::move(*fault)};
  if (within <= 0ms)
    return error{.code = errc::bad_setting,
                 .text = fmt::format("within must be positive, got {}ms", within.count())};
  producer_settings settings{
    .linger = 0us,
    .delivery_timeout = std::clamp<std::chrono::milliseconds>(
      within, delivery_timeout_limits.shortest, delivery_timeout_limits.longest),
    .buffer_bytes = std::max(least_buffer, send_buffer::bytes_of(records))};
  auto opened = over.open_producer(settings);
  if (auto* refused = std::get_if<error>(&opened))
    return std::move(*refused);
  if (records.empty())
    return produced{};
  one_off all{std::move(std::get<0>(opened)),
              std::make_shared<const outgoing>(
                outgoing{.asked = 1, .topic = topic, .records = std::move(records)})};
  const auto reserve = std::min<std::chrono::milliseconds>(longest_report, within / 4);
  const auto end = saturating_add(begin, steady::duration{saturate<steady::duration>(within)});
  all.run(end - reserve);
  const auto handed_over = all.sent();
  if (!all.has_answer())
    all.abandon(end);
  return all.answer(handed_over);
}

} // namespace ottla::kafka
