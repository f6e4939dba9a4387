#include <ottla/kafka/internal/driver/librdkafka/configuration.hpp>
#include <ottla/kafka/internal/driver/librdkafka/epoch_functions.hpp>
#include <ottla/kafka/internal/driver/librdkafka/error_codes.hpp>
#include <ottla/kafka/internal/driver/librdkafka/log_and_error_reader.hpp>
#include <ottla/kafka/internal/driver/librdkafka/lookup_handle.hpp>
#include <ottla/kafka/internal/driver/librdkafka/owned.hpp>
#include <ottla/kafka/internal/driver/librdkafka/partition_list.hpp>

#include <algorithm>
#include <chrono>
#include <future>
#include <utility>

namespace ottla::kafka {

namespace {

using clock = std::chrono::steady_clock;

/// Time limit of the first metadata request. Each retry doubles the limit.
constexpr std::chrono::milliseconds first_patience{700};
constexpr std::chrono::milliseconds longest_patience{60'000};
/// librdkafka searches its lists linearly, so the cost of a list is quadratic in its length.
constexpr std::size_t most_in_a_request = 1'000;

/// One partition of a look-up, and the place for its answer.
struct slot {
  const position* asked = nullptr;
  offset_or_error* answer = nullptr;
};

/// One request to one leader.
struct request {
  std::vector<slot> slots;
};

int left_ms(clock::time_point until) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - clock::now()).count();
  return static_cast<int>(std::max<decltype(left)>(left, 1));
}

void fail(std::span<const slot> slots, const error& why) {
  for (const auto& each : slots)
    *each.answer = why;
}

void take_answers(std::span<const slot> slots, const rd_kafka_topic_partition_list_t* list) {
  const auto found = entries(list);
  for (std::size_t i = 0; i < slots.size(); ++i)
    if (found[i].err != RD_KAFKA_RESP_ERR_NO_ERROR)
      *slots[i].answer = to_error(found[i].err);
    else
      *slots[i].answer = log_offset{found[i].offset, leader_epoch_of(found[i])};
}

/// If a broker rejects one partition, librdkafka returns no answer for any partition. So this
/// function requests each half again, which isolates the rejected partitions.
void ask_leader(rd_kafka_t* native, std::span<const slot> slots, clock::time_point until,
                const lookup_handle::stop_signal& give_up) {
  if (give_up()) {
    fail(slots, to_error(RD_KAFKA_RESP_ERR__DESTROY));
    return;
  }
  std::vector<position> wanted;
  wanted.reserve(slots.size());
  for (const auto& each : slots)
    wanted.push_back(*each.asked);
  const auto list = make_partition_list(wanted);
  const auto code = rd_kafka_offsets_for_times(native, list.get(), left_ms(until));
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
    take_answers(slots, list.get());
    return;
  }
  // Codes below 0 come from librdkafka, so no broker has answered.
  if (code < 0 || slots.size() == 1 || clock::now() >= until) {
    fail(slots, to_error(code));
    return;
  }
  const auto half = slots.size() / 2;
  ask_leader(native, slots.first(half), until, give_up);
  ask_leader(native, slots.subspan(half), until, give_up);
}

/// Groups the positions by leader. A partition without a leader gets its error as the answer.
std::vector<request> requests_for(const topic_layout& where, std::span<const position> list,
                                  std::span<offset_or_error> answers) {
  std::map<std::int32_t, std::vector<request>> by_leader;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto& led = where.leaders.at(list[i].at);
    if (const auto* why = std::get_if<error>(&led)) {
      answers[i] = *why;
      continue;
    }
    auto& of_leader = by_leader[std::get<std::int32_t>(led)];
    if (of_leader.empty() || of_leader.back().slots.size() == most_in_a_request)
      of_leader.emplace_back();
    of_leader.back().slots.push_back({&list[i], &answers[i]});
  }
  std::vector<request> all;
  for (auto& [leader, some] : by_leader)
    std::ranges::move(some, std::back_inserter(all));
  return all;
}

/// librdkafka sends the request to one connected broker. If that broker dies, librdkafka waits
/// until the broker returns. A second request goes to a broker that is up.
std::variant<owned_metadata, error> ask_for_metadata(rd_kafka_t* native,
                                                     std::chrono::milliseconds within) {
  const auto until = clock::now() + within;
  for (auto patience = first_patience;;
       patience = std::min<std::chrono::milliseconds>(patience * 2, longest_patience)) {
    const rd_kafka_metadata_t* metadata = nullptr;
    const auto code = rd_kafka_metadata(native, 0, nullptr, &metadata,
                                        left_ms(std::min(until, clock::now() + patience)));
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
      return owned_metadata{metadata};
    const bool no_answer
      = code == RD_KAFKA_RESP_ERR__TIMED_OUT || code == RD_KAFKA_RESP_ERR__TRANSPORT;
    if (!no_answer || clock::now() >= until)
      return to_error(code);
  }
}

void note_topic(topic_layout& layout, const rd_kafka_metadata_topic_t& topic) {
  layout.partitions[topic.topic] = topic.partition_cnt;
  for (int i = 0; i < topic.partition_cnt; ++i) {
    const auto& one = topic.partitions[i];
    const auto found = layout.leaders.find({topic.topic, one.id});
    if (found == layout.leaders.end())
      continue;
    if (one.leader >= 0)
      found->second = one.leader;
    else
      found->second = to_error(
        one.err != RD_KAFKA_RESP_ERR_NO_ERROR ? one.err : RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE);
  }
}

} // namespace

lookup_handle::lookup_handle(cluster_settings common, consumer_handle_settings how,
                             std::string isolation)
  : common_{std::move(common)}, how_{std::move(how)}, isolation_{std::move(isolation)} {}

std::optional<error> lookup_handle::open() {
  if (native_)
    return std::nullopt;
  auto opened = configure_lookups(common_, how_, isolation_).open(RD_KAFKA_CONSUMER);
  if (const auto* why = std::get_if<error>(&opened))
    return *why;
  native_.reset(std::get<rd_kafka_t*>(opened));
  return std::nullopt;
}

void lookup_handle::listen() {
  if (waiting_events() == 0)
    return;
  log_and_error_reader{native_.get()}.read_pending([this](std::optional<error> what) {
    // Only the failure of one broker names a cause.
    if (what && !(complaint_ && what->text.ends_with("brokers are down")))
      complaint_ = std::move(what);
  });
}

int lookup_handle::waiting_events() const {
  return native_ ? rd_kafka_outq_len(native_.get()) : 0;
}

void lookup_handle::close() {
  topics_.clear();
  native_.reset();
}

std::optional<error> lookup_handle::add_topics(std::span<const topic_partition> of) {
  for (const auto& each : of) {
    auto& topic = topics_[each.topic];
    if (!topic)
      topic.reset(rd_kafka_topic_new(native_.get(), each.topic.c_str(), nullptr));
    if (!topic)
      return to_error(rd_kafka_last_error());
  }
  return std::nullopt;
}

topic_layout lookup_handle::find_leaders(std::span<const topic_partition> of,
                                         std::chrono::milliseconds within) {
  topic_layout layout;
  const auto fail_all = [&](const error& why) {
    for (const auto& each : of)
      layout.leaders.insert_or_assign(each, why);
  };
  fail_all(to_error(RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION));
  auto refused = open();
  if (!refused)
    refused = add_topics(of);
  if (refused) {
    fail_all(*refused);
    return layout;
  }
  const auto answer = ask_for_metadata(native_.get(), within);
  listen();
  if (const auto* why = std::get_if<error>(&answer)) {
    fail_all(*why);
    return layout;
  }
  complaint_.reset();
  const auto& all = std::get<owned_metadata>(answer);
  for (int i = 0; i < all->topic_cnt; ++i)
    if (const auto why = all->topics[i].err; why != RD_KAFKA_RESP_ERR_NO_ERROR) {
      for (auto& [at, led] : layout.leaders)
        if (at.topic == all->topics[i].topic)
          led = to_error(why);
    } else {
      note_topic(layout, all->topics[i]);
    }
  return layout;
}

std::vector<std::vector<offset_or_error>>
lookup_handle::ask(const topic_layout& where, std::span<const std::vector<position>> lists,
                   const stop_signal& give_up, std::chrono::milliseconds within) {
  std::vector<std::vector<offset_or_error>> answers;
  for (const auto& list : lists)
    answers.emplace_back(list.size(), offset_or_error{});
  const auto until = clock::now() + within;
  std::vector<std::future<void>> pending;
  for (std::size_t i = 0; i < lists.size(); ++i)
    for (auto& each : requests_for(where, lists[i], answers[i]))
      pending.push_back(
        std::async([native = native_.get(), until, &give_up, what = std::move(each)] {
          ask_leader(native, what.slots, until, give_up);
        }));
  for (auto& each : pending)
    each.get();
  listen();
  return answers;
}

} // namespace ottla::kafka
