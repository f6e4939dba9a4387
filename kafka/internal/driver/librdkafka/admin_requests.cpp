#include <ottla/kafka/internal/driver/librdkafka/admin_requests.hpp>
#include <ottla/kafka/internal/driver/librdkafka/error_codes.hpp>
#include <ottla/kafka/internal/text/on_one_line.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <utility>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;

/// Longest delay until a session notices that it is to give up.
constexpr auto slice = 200ms;
/// Longest wait for an answer to a request for metadata.
constexpr auto longest_try = 5s;
/// librdkafka rejects a longer timeout.
constexpr std::chrono::milliseconds longest_question = std::chrono::hours{1};

struct free_text {
  void operator()(char* text) const noexcept { rd_kafka_mem_free(nullptr, text); }
};

/// Waits only if librdkafka has not seen the id yet.
std::string id_of_cluster(rd_kafka_t* native, int within_ms) {
  const std::unique_ptr<char, free_text> id{rd_kafka_clusterid(native, within_ms)};
  return id ? id.get() : "";
}

bool is_mock_cluster(std::string_view id) {
  return id.starts_with("mockCluster");
}

topic_description to_description(const rd_kafka_metadata_topic_t& topic) {
  topic_description answer{.name = topic.topic};
  if (topic.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    answer.failed = to_error(topic.err);
    return answer;
  }
  for (int i = 0; i < topic.partition_cnt; ++i) {
    const auto& one = topic.partitions[i];
    answer.partitions.push_back({.partition = one.id,
                                 .leader = std::max(one.leader, -1),
                                 .replicas = {one.replicas, one.replicas + one.replica_cnt},
                                 .in_sync = {one.isrs, one.isrs + one.isr_cnt}});
  }
  std::ranges::sort(answer.partitions, {}, &partition_info::partition);
  return answer;
}

} // namespace

admin_requests::admin_requests(admin_handle& over, std::chrono::milliseconds within,
                               clock::time_point until, stop_signal give_up)
  : over_{over}, within_{within}, until_{until}, give_up_{std::move(give_up)} {}

admin_requests::clock::time_point admin_requests::deadline_in(std::chrono::milliseconds within) {
  return clock::now() + std::clamp<std::chrono::milliseconds>(within, 0ms, longest_question);
}

std::chrono::milliseconds admin_requests::left() const {
  return std::clamp<std::chrono::milliseconds>(
    std::chrono::ceil<std::chrono::milliseconds>(until_ - clock::now()), 1ms, longest_question);
}

result<owned_metadata> admin_requests::ask_metadata(bool with_topics) {
  if (auto refused = over_.open())
    return *refused;
  std::chrono::milliseconds patience = slice;
  for (;;) {
    if (give_up_())
      return to_error(RD_KAFKA_RESP_ERR__DESTROY);
    const auto remaining = left();
    const rd_kafka_metadata_t* all = nullptr;
    const auto code = rd_kafka_metadata(native(), with_topics ? 1 : 0, nullptr, &all,
                                        static_cast<int>(std::min(remaining, patience).count()));
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
      over_.worked();
      has_answered_ = true;
      is_embedded_ = is_mock_cluster(id_of_cluster(native(), 0));
      return owned_metadata{all};
    }
    const bool may_come
      = code == RD_KAFKA_RESP_ERR__TRANSPORT || code == RD_KAFKA_RESP_ERR__TIMED_OUT;
    if (!may_come || remaining <= patience)
      return explain_no_broker(code);
    // A timeout means that a broker has received the request. That broker answers a second request
    // only after the first. So the next call waits much longer.
    if (code == RD_KAFKA_RESP_ERR__TIMED_OUT)
      patience = longest_try;
  }
}

result<cluster_view> admin_requests::read_cluster() {
  const auto answer = ask_metadata(true);
  if (!answer)
    return answer.error();
  const auto& all = **answer;
  cluster_view view{.cluster = {.id = id_of_cluster(native(), 0)}};
  for (int i = 0; i < all.broker_cnt; ++i)
    view.cluster.brokers.push_back({.id = all.brokers[i].id,
                                    .host = all.brokers[i].host,
                                    .port = static_cast<std::uint16_t>(all.brokers[i].port)});
  std::ranges::sort(view.cluster.brokers, {}, &broker_info::id);
  const auto controller = rd_kafka_controllerid(native(), 0);
  if (std::ranges::find(view.cluster.brokers, controller, &broker_info::id)
      != view.cluster.brokers.end())
    view.cluster.controller = controller;
  for (int i = 0; i < all.topic_cnt; ++i)
    view.topics.push_back(to_description(all.topics[i]));
  std::ranges::sort(view.topics, {}, &topic_description::name);
  return view;
}

std::optional<error> admin_requests::check_support(std::string_view what) {
  if (!has_answered_)
    if (const auto answer = ask_metadata(false); !answer)
      return answer.error();
  if (is_embedded_)
    return error{.code = errc::not_supported,
                 .text = fmt::format("{} is not supported by the embedded cluster", what)};
  return std::nullopt;
}

result<owned_event> admin_requests::send(std::string_view what, const request& how) {
  if (auto refused = check_support(what))
    return *refused;
  // Sends no change that nobody waits for.
  if (give_up_())
    return to_error(RD_KAFKA_RESP_ERR__DESTROY);
  if (clock::now() >= until_)
    return error{.code = errc::timed_out,
                 .retriable = true,
                 .text = fmt::format("{} was not sent within {} ms", what, within_.count())};
  const owned_queue answers{rd_kafka_queue_new(native())};
  const owned<rd_kafka_AdminOptions_t, rd_kafka_AdminOptions_destroy> options{
    rd_kafka_AdminOptions_new(native(), RD_KAFKA_ADMIN_OP_ANY)};
  // Answers about brokers that stay silent must come before the session's deadline.
  const auto all = left();
  const auto asked
    = static_cast<int>(std::max<std::chrono::milliseconds>(
                         all - std::min<std::chrono::milliseconds>(all / 10, 500ms), 1ms)
                         .count());
  rd_kafka_AdminOptions_set_request_timeout(options.get(), asked, nullptr, 0);
  rd_kafka_AdminOptions_set_operation_timeout(options.get(), asked, nullptr, 0);
  how(options.get(), answers.get());
  owned_event event;
  while (!event && clock::now() < until_) {
    if (give_up_())
      return to_error(RD_KAFKA_RESP_ERR__DESTROY);
    event.reset(rd_kafka_queue_poll(
      answers.get(), static_cast<int>(std::min<std::chrono::milliseconds>(left(), slice).count())));
  }
  const auto code = event ? rd_kafka_event_error(event.get()) : RD_KAFKA_RESP_ERR__TIMED_OUT;
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
    return event;
  const auto* words = event ? rd_kafka_event_error_string(event.get()) : nullptr;
  if (code != RD_KAFKA_RESP_ERR__TIMED_OUT)
    return in_words_of_the_broker(code, words);
  auto text = fmt::format("{} was not answered within {} ms", what, within_.count());
  if (words != nullptr)
    text += fmt::format(" ({})", over_.plain(words));
  else if (const auto& complaint = over_.complaint())
    text += fmt::format(" ({})", complaint->text);
  return error{.code = errc::timed_out, .retriable = true, .text = std::move(text)};
}

bool admin_requests::waits_for_coordinator(const error& why) {
  if (why.name == "COORDINATOR_LOAD_IN_PROGRESS" || why.name == "COORDINATOR_NOT_AVAILABLE")
    return true;
  if (why.name != "NOT_COORDINATOR")
    return false;
  // librdkafka remembers coordinators. A new handle asks for the coordinator again.
  over_.close();
  has_answered_ = false;
  return true;
}

bool admin_requests::pause() const {
  if (give_up_() || left() <= slice)
    return false;
  std::this_thread::sleep_for(slice);
  return true;
}

error admin_requests::explain_no_broker(rd_kafka_resp_err_t code) {
  const auto& complaint = over_.complaint();
  if (complaint && complaint->code == errc::authentication_failed)
    return *complaint;
  if (code != RD_KAFKA_RESP_ERR__TRANSPORT && code != RD_KAFKA_RESP_ERR__TIMED_OUT)
    return to_error(code);
  auto text = fmt::format("no broker of \"{}\" answered within {} ms", on_one_line(over_.brokers()),
                          within_.count());
  if (complaint)
    text += fmt::format(" ({})", complaint->text);
  return {.code = errc::unreachable, .retriable = true, .text = std::move(text)};
}

error admin_requests::in_words_of_the_broker(rd_kafka_resp_err_t code, const char* words) const {
  return to_error(code, over_.plain(words != nullptr ? words : ""));
}

std::optional<error> admin_requests::to_failure(const rd_kafka_error_t* what) const {
  const auto code = rd_kafka_error_code(what);
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
    return std::nullopt;
  return in_words_of_the_broker(code, rd_kafka_error_string(what));
}

} // namespace ottla::kafka
