#include <ottla/kafka/internal/driver/librdkafka/admin.hpp>
#include <ottla/kafka/internal/driver/librdkafka/configuration.hpp>
#include <ottla/kafka/internal/driver/librdkafka/error_codes.hpp>
#include <ottla/kafka/internal/driver/librdkafka/interceptors.hpp>
#include <ottla/kafka/internal/driver/librdkafka/log_and_error_reader.hpp>
#include <ottla/kafka/internal/driver/librdkafka/owned.hpp>
#include <ottla/kafka/internal/settings/topic_name.hpp>
#include <ottla/kafka/internal/text/on_one_line.hpp>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>

namespace ottla::kafka {

namespace {

using clock = std::chrono::steady_clock;

/// Whether the error names a cause. Other errors only say that a broker cannot be reached.
bool tells_why(const error& what) {
  return what.code == errc::authentication_failed;
}

/// librdkafka rejects a longer timeout.
constexpr std::chrono::milliseconds longest_question = std::chrono::hours{1};

struct deadline {
  clock::time_point at;
  int left_ms() const {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(at - clock::now()).count();
    return static_cast<int>(std::max<decltype(left)>(left, 1));
  }
};

class session {
public:
  session(const cluster_settings& of, std::shared_ptr<broker_contact> contact,
          std::chrono::milliseconds within)
    : contact_{std::move(contact)},
      brokers_{of.brokers},
      within_{std::min(within, longest_question)},
      until_{clock::now() + std::max(within_, within_.zero())} {
    if (within < within.zero()) {
      refused_ = error{.code = errc::bad_setting,
                       .text = "within must not be negative, got " + std::to_string(within.count())
                               + "ms"};
      return;
    }
    configuration conf{of};
    conf.set_extra(of.extra);
    note_served_brokers(conf.get(), *contact_);
    rd_kafka_conf_set_events(conf.get(), RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_LOG);
    auto opened = conf.open(RD_KAFKA_PRODUCER);
    if (const auto* why = std::get_if<error>(&opened))
      refused_ = *why;
    else
      native_.reset(std::get<rd_kafka_t*>(opened));
  }
  session(const session&) = delete;
  session& operator=(const session&) = delete;

  const std::optional<error>& refused() const noexcept { return refused_; }
  rd_kafka_t* native() const noexcept { return native_.get(); }
  int left_ms() const { return until_.left_ms(); }

  /// Converts `code` to an error. If the connection failed, the error names the cause.
  error explain(rd_kafka_resp_err_t code) {
    listen();
    if (complaint_ && tells_why(*complaint_))
      return *complaint_;
    if (code != RD_KAFKA_RESP_ERR__TRANSPORT && code != RD_KAFKA_RESP_ERR__TIMED_OUT)
      return to_error(code);
    auto text = "no broker of \"" + on_one_line(brokers_) + "\" answered within "
                + std::to_string(within_.count()) + " ms";
    if (complaint_)
      text += " (" + complaint_->text + ")";
    return {.code = errc::unreachable, .retriable = true, .text = std::move(text)};
  }

  /// `words` may be null.
  error in_words_of_the_broker(rd_kafka_resp_err_t code, const char* words) const {
    return to_error(code, log_and_error_reader{native()}.plain(words != nullptr ? words : ""));
  }

private:
  void listen() {
    log_and_error_reader reader{native(), contact_};
    reader.read_pending([this](std::optional<error> what) { note(std::move(what)); });
  }

  void note(std::optional<error> what) {
    if (what && (!complaint_ || tells_why(*what)))
      complaint_ = std::move(what);
  }

  const std::shared_ptr<broker_contact> contact_; // outlives the handle
  std::string brokers_;
  std::chrono::milliseconds within_;
  deadline until_;
  std::optional<error> complaint_;
  std::optional<error> refused_;
  owned_handle native_;
};

std::variant<owned_metadata, error> ask_metadata(
  session& over, const std::function<bool()>& gives_up = [] { return false; }) {
  constexpr int poll_interval_ms = 200;
  const rd_kafka_metadata_t* all = nullptr;
  int patience = poll_interval_ms;
  for (;;) {
    const auto left = over.left_ms();
    const auto code = rd_kafka_metadata(over.native(), 1, nullptr, &all, std::min(left, patience));
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
      return owned_metadata{all};
    const bool may_come
      = code == RD_KAFKA_RESP_ERR__TRANSPORT || code == RD_KAFKA_RESP_ERR__TIMED_OUT;
    if (!may_come || left <= patience || gives_up())
      return over.explain(code);
    // A timeout means that a broker has received the request. That broker answers a second request
    // only after the first. So the next call waits for all the remaining time.
    if (code == RD_KAFKA_RESP_ERR__TIMED_OUT)
      patience = left;
  }
}

std::optional<error> result_of(session& over, rd_kafka_event_t* event) {
  if (event == nullptr)
    return over.explain(RD_KAFKA_RESP_ERR__TIMED_OUT);
  if (const auto code = rd_kafka_event_error(event))
    return over.in_words_of_the_broker(code, rd_kafka_event_error_string(event));
  std::size_t count = 0;
  const auto* const* topics
    = rd_kafka_event_type(event) == RD_KAFKA_EVENT_CREATETOPICS_RESULT
        ? rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count)
        : rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(event), &count);
  for (std::size_t i = 0; i < count; ++i)
    if (const auto code = rd_kafka_topic_result_error(topics[i]))
      return over.in_words_of_the_broker(code, rd_kafka_topic_result_error_string(topics[i]));
  return std::nullopt;
}

/// `send` passes the request to librdkafka, with options and a queue for the answer.
template <class Send>
std::optional<error> carry_out(session& over, rd_kafka_admin_op_t what, Send send) {
  const owned_queue answers{rd_kafka_queue_new(over.native())};
  const owned<rd_kafka_AdminOptions_t, rd_kafka_AdminOptions_destroy> options{
    rd_kafka_AdminOptions_new(over.native(), what)};
  rd_kafka_AdminOptions_set_request_timeout(options.get(), over.left_ms(), nullptr, 0);
  rd_kafka_AdminOptions_set_operation_timeout(options.get(), over.left_ms(), nullptr, 0);
  send(options.get(), answers.get());
  const owned_event event{rd_kafka_queue_poll(answers.get(), over.left_ms())};
  return result_of(over, event.get());
}

/// librdkafka truncates a name at a NUL byte, so the request would name another topic. librdkafka
/// sends all other invalid names to a broker.
std::optional<error> fault_of_name(const std::string& topic) {
  if (auto fault = fault_of_topic(topic))
    return error{.code = errc::bad_setting, .text = std::move(*fault)};
  return std::nullopt;
}

std::optional<error> create(session& over, const new_topic& topic) {
  // librdkafka sends zeros to a broker, and waits for the broker to reject the request.
  if (topic.partitions == 0 || topic.replicas == 0)
    return error{.code = errc::bad_setting,
                 .text
                 = "topic \"" + topic.name + "\" must have at least one partition and one replica"};
  std::array<char, 512> why{};
  const owned<rd_kafka_NewTopic_t, rd_kafka_NewTopic_destroy> wanted{rd_kafka_NewTopic_new(
    topic.name.c_str(), topic.partitions, topic.replicas, why.data(), why.size())};
  if (wanted == nullptr)
    return error{.code = errc::bad_setting, .text = "topic \"" + topic.name + "\": " + why.data()};
  auto* one = wanted.get();
  return carry_out(over, RD_KAFKA_ADMIN_OP_CREATETOPICS, [&](const auto* options, auto* answers) {
    rd_kafka_CreateTopics(over.native(), &one, 1, options, answers);
  });
}

/// Requests metadata first, to tell an unreachable broker from a request that fails.
template <class Change>
std::optional<error> change(const cluster_settings& of, std::shared_ptr<broker_contact> contact,
                            std::chrono::milliseconds within, Change what) {
  session over{of, std::move(contact), within};
  if (over.refused())
    return over.refused();
  if (const auto answer = ask_metadata(over); std::holds_alternative<error>(answer))
    return std::get<error>(answer);
  return what(over);
}

std::optional<error> remove(session& over, const std::string& topic) {
  const owned<rd_kafka_DeleteTopic_t, rd_kafka_DeleteTopic_destroy> unwanted{
    rd_kafka_DeleteTopic_new(topic.c_str())};
  auto* one = unwanted.get();
  return carry_out(over, RD_KAFKA_ADMIN_OP_DELETETOPICS, [&](const auto* options, auto* answers) {
    rd_kafka_DeleteTopics(over.native(), &one, 1, options, answers);
  });
}

} // namespace

std::variant<std::vector<topic_info>, error> ask_for_topics(const cluster_settings& of,
                                                            std::shared_ptr<broker_contact> contact,
                                                            std::chrono::milliseconds within,
                                                            const std::function<bool()>& gives_up) {
  session over{of, std::move(contact), within};
  if (over.refused())
    return *over.refused();
  const auto answer = ask_metadata(over, gives_up);
  if (const auto* why = std::get_if<error>(&answer))
    return *why;
  const auto& all = *std::get<owned_metadata>(answer);
  std::vector<topic_info> topics;
  for (int i = 0; i < all.topic_cnt; ++i)
    topics.push_back({all.topics[i].topic, all.topics[i].partition_cnt});
  std::ranges::sort(topics, {}, &topic_info::name);
  return topics;
}

std::optional<error> ask_to_create_topic(const cluster_settings& of,
                                         std::shared_ptr<broker_contact> contact,
                                         const new_topic& topic, std::chrono::milliseconds within) {
  if (auto fault = fault_of_name(topic.name))
    return fault;
  return change(of, std::move(contact), within, [&](session& over) { return create(over, topic); });
}

std::optional<error> ask_to_delete_topic(const cluster_settings& of,
                                         std::shared_ptr<broker_contact> contact,
                                         const std::string& topic,
                                         std::chrono::milliseconds within) {
  if (auto fault = fault_of_name(topic))
    return fault;
  return change(of, std::move(contact), within, [&](session& over) { return remove(over, topic); });
}

} // namespace ottla::kafka
