#include <ottla/actors/internal/duration_text.hpp>
#include <ottla/kafka/internal/driver/librdkafka/error_codes.hpp>
#include <ottla/kafka/internal/driver/librdkafka/mask_of_settings.hpp>
#include <ottla/kafka/internal/driver/librdkafka/owned.hpp>
#include <ottla/kafka/internal/driver/librdkafka/reaper.hpp>
#include <ottla/kafka/internal/driver/librdkafka/record_sender.hpp>
#include <ottla/kafka/internal/driver/librdkafka/topic_configuration.hpp>
#include <ottla/kafka/internal/driver/produce_target.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace ottla::kafka {

namespace {

/// While a topic has no leader, librdkafka sends a metadata request every second. So a reachable
/// broker is never silent for this long.
constexpr std::chrono::seconds longest_silence{5};

// The cast is safe, because librdkafka only reads the bytes.
void* bytes_of(const std::optional<std::string>& text) noexcept {
  return text ? const_cast<char*>(text->data()) : nullptr;
}

std::size_t size_of(const std::optional<std::string>& text) noexcept {
  return text ? text->size() : 0;
}

rd_kafka_headers_t* headers_of(const record& of) {
  auto* headers = rd_kafka_headers_new(of.headers.size());
  for (const auto& [name, value] : of.headers)
    rd_kafka_header_add(headers, name.data(), static_cast<ssize_t>(name.size()), bytes_of(value),
                        static_cast<ssize_t>(size_of(value)));
  return headers;
}

std::int64_t milliseconds_of(const record& what) {
  // With 0, librdkafka uses the current time.
  return what.timestamp ? std::chrono::floor<std::chrono::milliseconds>(*what.timestamp)
                            .time_since_epoch()
                            .count()
                        : 0;
}

rd_kafka_resp_err_t produce(rd_kafka_topic_t* topic, std::int32_t partition, const record& what,
                            void* opaque) {
  if (rd_kafka_produce(topic, partition, 0, bytes_of(what.value), size_of(what.value),
                       bytes_of(what.key), size_of(what.key), opaque)
      == 0)
    return RD_KAFKA_RESP_ERR_NO_ERROR;
  return rd_kafka_last_error();
}

rd_kafka_resp_err_t produce_with_all(rd_kafka_t* native, rd_kafka_topic_t* topic,
                                     std::int32_t partition, const record& what, void* opaque) {
  auto* headers = headers_of(what);
  const auto code = rd_kafka_producev(
    native, RD_KAFKA_V_RKT(topic), RD_KAFKA_V_PARTITION(partition), RD_KAFKA_V_MSGFLAGS(0),
    RD_KAFKA_V_VALUE(bytes_of(what.value), size_of(what.value)),
    RD_KAFKA_V_KEY(bytes_of(what.key), size_of(what.key)),
    RD_KAFKA_V_TIMESTAMP(milliseconds_of(what)), RD_KAFKA_V_HEADERS(headers),
    RD_KAFKA_V_OPAQUE(opaque), RD_KAFKA_V_END);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
    rd_kafka_headers_destroy(headers); // librdkafka did not take ownership
  return code;
}

/// Returns an error for a timestamp that librdkafka would accept and not store.
std::optional<error> fault_of(const record& what) {
  if (milliseconds_of(what) < 0)
    return error{.code = errc::bad_setting,
                 .text = "the timestamp must not be before 1970, got "
                         + ottla::detail::duration_text(what.timestamp->time_since_epoch())};
  return std::nullopt;
}

std::string text_of_size(const record& what) {
  std::size_t bytes = size_of(what.key) + size_of(what.value);
  for (const auto& [name, value] : what.headers)
    bytes += name.size() + size_of(value);
  return fmt::format("a record of {} bytes: ", bytes);
}

record_place place_of(const rd_kafka_message_t& report) noexcept {
  // librdkafka has negative numbers for unknown offsets.
  return {report.partition, std::max<std::int64_t>(report.offset, -1)};
}

void depart(departing_sender rest) {
  auto* native = rest.of->native();
  rd_kafka_purge(native, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT
                           | RD_KAFKA_PURGE_F_NON_BLOCKING);
  rest.flush.reset();
  rest.urgent.reset();
  rest.topics.clear();
  // Requests in flight still read the records. The trackers own the records, so the trackers are
  // destroyed last. The same holds for the partitioners, which librdkafka may still call.
  rest.of->destroy(0);
}

} // namespace

record_sender::record_sender(rd_kafka_t* native, std::unique_ptr<interceptors> threads,
                             std::vector<topic_producer_settings> topics, partitioning by)
  : handle_{std::make_unique<handle>(native, owned_queue{rd_kafka_queue_get_main(native)},
                                     std::move(threads))},
    reader_{native, handle_->brokers()},
    settings_{std::move(topics)},
    partitioning_{std::move(by)},
    urgent_{std::make_unique<urgent_flush>(native)} {
  events_.bell().attach(handle_->events());
}

record_sender::~record_sender() {
  events_.bell().connect({});
  doorbell::detach(handle_->events());
  for (const auto& [topic, each] : partitioners_)
    each->retire();
  auto rest = std::make_shared<departing_sender>(
    departing_sender{std::move(handle_), std::move(topics_), std::move(trackers_),
                     std::move(flush_), std::move(urgent_), std::move(partitioners_)});
  // The work is dispensable, because unsent records were abandoned and reported earlier.
  reap(
    "a Kafka producer", [rest](const background_work&) { depart(std::move(*rest)); },
    background::dispensable);
}

void record_sender::wake_on_event(waker wake) {
  events_.connect(std::move(wake));
  if (rd_kafka_queue_length(handle_->events()) > 0)
    events_.bell().ring();
}

std::optional<producer_event> record_sender::next_event() {
  for (;;) {
    if (auto own = events_.next())
      return own;
    const owned_event event{rd_kafka_queue_poll(handle_->events(), 0)};
    if (event == nullptr)
      return on_close();
    switch (rd_kafka_event_type(event.get())) {
      case RD_KAFKA_EVENT_DR: on_reports(event.get()); break;
      case RD_KAFKA_EVENT_LOG: return handle_logged{reader_.read_log(event.get())};
      case RD_KAFKA_EVENT_ERROR:
        if (auto what = reader_.read_error(event.get()))
          return handle_failed{std::move(*what)};
        break;
      default: break;
    }
  }
}

void record_sender::on_reports(rd_kafka_event_t* event) {
  while (const auto* report = rd_kafka_event_message_next(event)) {
    const auto [tracker, index] = delivery_tracker::find(report->_private);
    if (rd_kafka_message_status(report) != RD_KAFKA_MSG_STATUS_NOT_PERSISTED)
      note_leader(tracker->batch());
    const bool is_complete = report->err == RD_KAFKA_RESP_ERR_NO_ERROR
                               ? tracker->stored(index, place_of(*report))
                               : tracker->failed(index, why_not_stored(*report, *tracker, index),
                                                 rd_kafka_message_status(report)
                                                   == RD_KAFKA_MSG_STATUS_POSSIBLY_PERSISTED);
    if (is_complete)
      finish(*tracker);
  }
}

void record_sender::note_leader(const outgoing& batch) {
  if (std::exchange(last_sent_, batch.asked) != batch.asked)
    led_.insert(batch.topic);
}

error record_sender::why_not_stored(const rd_kafka_message_t& report,
                                    const delivery_tracker& tracker, std::size_t index) const {
  if (report.err == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION)
    if (auto noted = tracker.why_no_partition(index))
      return *std::move(noted);
  const auto& batch = tracker.batch();
  auto why = to_error(report.err);
  if (why.code == errc::record_too_large)
    why.text = text_of_size(batch.records[index]) + why.text;
  else if (report.err == RD_KAFKA_RESP_ERR__MSG_TIMED_OUT)
    why.text = cause_of_timeout(batch.topic) + why.text;
  why.text = name_of_target(batch.topic, report.partition) + ": " + why.text;
  return why;
}

std::string record_sender::cause_of_timeout(const std::string& topic) const {
  const auto contact = handle_->brokers();
  if (!contact)
    return {};
  const auto silent = contact->view(std::chrono::steady_clock::now()).silent_for;
  if (!silent)
    return "no broker has answered: ";
  if (*silent >= longest_silence)
    return fmt::format("no broker has answered for {} s: ", *silent / std::chrono::seconds{1});
  return led_.contains(topic) ? "" : "the topic may not exist, or the partition has no leader: ";
}

void record_sender::finish(delivery_tracker& tracker) {
  auto result = tracker.take_result();
  if (const auto group = tracker.end_hurry())
    urgent_->note_report(*group);
  {
    const std::scoped_lock guard{lock_};
    trackers_.erase(tracker.batch().asked);
  }
  events_.post(std::move(result));
}

std::size_t record_sender::send(const std::shared_ptr<const outgoing>& batch, std::size_t from) {
  // The reports may finish the batch before this function returns, so it holds the tracker.
  const auto tracker = tracker_of(batch);
  const auto size = batch->records.size();
  if (size == 0) {
    finish(*tracker);
    return 0;
  }
  error why_none{.code = errc::closed,
                 .text
                 = name_of_target(batch->topic, batch->partition) + ": the producer is closing"};
  auto* topic = closing_ == closing_state::open ? topic_of(batch->topic, why_none) : nullptr;
  std::optional<urgent_flush::hand_over> urgent;
  if (batch->is_urgent)
    urgent.emplace(*urgent_, batch->may_block);
  auto index = from;
  for (; index < size; ++index) {
    if (topic == nullptr)
      refuse(*tracker, index, why_none);
    else if (hand_over(*tracker, topic, index) == outcome::full)
      break;
  }
  // librdkafka has no record of the batch, and the caller may give the batch up.
  const bool is_refused = index == 0;
  if (is_refused)
    forget(*batch);
  else if (urgent)
    urgent->note_taken(*tracker);
  return index;
}

record_sender::outcome record_sender::hand_over(delivery_tracker& tracker, rd_kafka_topic_t* topic,
                                                std::size_t index) {
  const auto& batch = tracker.batch();
  const auto& what = batch.records[index];
  const auto partition = batch.partition < 0 ? RD_KAFKA_PARTITION_UA : batch.partition;
  auto* opaque = tracker.opaque_of(index);
  const auto target = [&] { return name_of_target(batch.topic, batch.partition) + ": "; };
  if (auto fault = fault_of(what)) {
    fault->text = target() + fault->text;
    refuse(tracker, index, std::move(*fault));
    return outcome::taken;
  }
  const auto code = what.headers.empty() && !what.timestamp
                      ? produce(topic, partition, what, opaque)
                      : produce_with_all(handle_->native(), topic, partition, what, opaque);
  if (code == RD_KAFKA_RESP_ERR__QUEUE_FULL)
    return outcome::full;
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
    if (code == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION)
      if (auto noted = tracker.why_no_partition(index)) {
        refuse(tracker, index, *std::move(noted));
        return outcome::taken;
      }
    auto why = to_error(code);
    if (why.code == errc::record_too_large)
      why.text = text_of_size(what) + why.text + "; message.max.bytes is "
                 + value_of(rd_kafka_conf(handle_->native()), "message.max.bytes");
    why.text = target() + why.text;
    refuse(tracker, index, std::move(why));
  }
  return outcome::taken;
}

void record_sender::refuse(delivery_tracker& tracker, std::size_t index, error why) {
  if (tracker.failed(index, std::move(why)))
    finish(tracker);
}

rd_kafka_topic_t* record_sender::topic_of(const std::string& name, error& why_none) {
  // librdkafka truncates the name at the NUL byte, so the record would go to another topic.
  if (name.find('\0') != std::string::npos) {
    why_none = {.code = errc::bad_setting,
                .text = name_of_target(name, -1) + ": the topic name must not contain a NUL byte"};
    return nullptr;
  }
  const std::scoped_lock guard{lock_};
  auto& topic = topics_[name];
  if (topic == nullptr) {
    // librdkafka takes the configuration, also if it makes no topic.
    topic.reset(
      rd_kafka_topic_new(handle_->native(), name.c_str(), configuration_of(name).release()));
    if (topic == nullptr) {
      why_none = to_error(rd_kafka_last_error());
      why_none.text = name_of_target(name, -1) + ": " + why_none.text;
    }
  }
  return topic.get();
}

owned_topic_conf record_sender::configuration_of(const std::string& topic) {
  const auto found = std::ranges::find(settings_, topic, &topic_producer_settings::topic);
  const auto* own = found == settings_.end() ? nullptr : &*found;
  auto chooser = partitioning_.make_for(topic, own);
  if (own == nullptr && !chooser)
    return nullptr;
  owned_topic_conf conf{rd_kafka_default_topic_conf_dup(handle_->native())};
  if (own != nullptr)
    configure_topic(conf.get(), *own);
  if (chooser) {
    chooser->attach(conf.get());
    partitioners_.insert_or_assign(topic, std::move(chooser));
  }
  return conf;
}

void record_sender::forget(const outgoing& batch) {
  const std::scoped_lock guard{lock_};
  trackers_.erase(batch.asked);
}

std::shared_ptr<delivery_tracker>
record_sender::tracker_of(const std::shared_ptr<const outgoing>& batch) {
  const std::scoped_lock guard{lock_};
  auto& tracker = trackers_[batch->asked];
  if (tracker == nullptr)
    tracker = std::make_shared<delivery_tracker>(batch);
  return tracker;
}

void record_sender::close() {
  if (closing_ != closing_state::open)
    return;
  closing_ = closing_state::begun;
  if (rd_kafka_outq_len(handle_->native()) == 0)
    events_.bell().ring();
  else
    flush_ = std::make_unique<flush_thread>(handle_->native());
}

void record_sender::abandon() {
  rd_kafka_purge(handle_->native(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT
                                      | RD_KAFKA_PURGE_F_NON_BLOCKING);
}

std::optional<producer_event> record_sender::on_close() {
  if (closing_ != closing_state::begun || rd_kafka_outq_len(handle_->native()) > 0)
    return std::nullopt;
  closing_ = closing_state::over;
  return closed{};
}

} // namespace ottla::kafka
