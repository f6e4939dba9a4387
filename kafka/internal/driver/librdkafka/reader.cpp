#include <ottla/actors/stderr_lines.hpp>
#include <ottla/kafka/internal/driver/librdkafka/configuration.hpp>
#include <ottla/kafka/internal/driver/librdkafka/error_codes.hpp>
#include <ottla/kafka/internal/driver/librdkafka/fetched_batch.hpp>
#include <ottla/kafka/internal/driver/librdkafka/reader.hpp>
#include <ottla/kafka/internal/driver/librdkafka/reader_queue.hpp>
#include <ottla/kafka/internal/driver/librdkafka/reaper.hpp>
#include <ottla/kafka/internal/settings/name_limits.hpp>
#include <ottla/kafka/internal/text/on_one_line.hpp>

#include <algorithm>
#include <iterator>
#include <map>
#include <thread>
#include <utility>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;

constexpr auto pause_before_retry = 100ms;
/// Time limit of the first try of a look-up. Each retry doubles the limit. After a try, a rejected
/// login ends the look-up.
constexpr std::chrono::milliseconds first_patience{1'000};
constexpr std::chrono::milliseconds longest_patience{60'000};
constexpr auto longest_pinned = 30s;

const char* isolation_of(const reader_settings& how) {
  return how.read_committed.value_or(true) ? "read_committed" : "read_uncommitted";
}

consumer_handle_settings settings_of_handle(const reader_settings& how, std::size_t partitions) {
  constexpr std::size_t largest_part = 1024 * 1024;
  constexpr std::size_t smallest_part = 64 * 1024;
  consumer_handle_settings settings{.fetch_wait = how.fetch_wait, .extra = how.extra};
  if (how.read_committed)
    settings.extra["isolation.level"] = isolation_of(how);
  if (how.memory) {
    settings.memory = *how.memory;
    return settings;
  }
  auto& memory = settings.memory;
  const auto each = how.ahead_bytes / std::max<std::size_t>(partitions, 1);
  memory.part_bytes = std::clamp(each / 2, smallest_part, largest_part);
  memory.queue_bytes = std::max(each, memory.part_bytes);
  return settings;
}

void end_core(reader_core& core, const background_work& work) {
  core.close();
  auto& of = *core.of();
  const auto until = std::chrono::steady_clock::now() + longest_pinned;
  while (!of.pinned().wait_for_none(std::chrono::steady_clock::now() + 100ms))
    if (std::chrono::steady_clock::now() >= until || work.is_cut_short()) {
      print_line("ottla: a Kafka reader is not destroyed: " + std::to_string(of.pinned().count())
                 + " batches of its messages are still in use");
      return;
    }
  of.destroy(RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
}

std::vector<position> all_at(std::span<const topic_partition> partitions, std::int64_t when) {
  std::vector<position> all;
  for (const auto& each : partitions)
    all.push_back({each, when});
  return all;
}

/// One list for the beginnings, one for the ends, and one for each time.
std::vector<std::vector<position>>
lists_for(std::span<const topic_partition> partitions,
          std::span<const std::chrono::system_clock::time_point> times) {
  std::vector<std::vector<position>> lists{all_at(partitions, RD_KAFKA_OFFSET_BEGINNING),
                                           all_at(partitions, RD_KAFKA_OFFSET_END)};
  for (const auto& each : times)
    lists.push_back(
      all_at(partitions,
             // Kafka gives times below 0 special meanings.
             std::max<std::int64_t>(
               0, std::chrono::ceil<std::chrono::milliseconds>(each.time_since_epoch()).count())));
  return lists;
}

error name_partition(error why, const topic_partition& of, const topic_layout& where) {
  const auto count = where.partitions.find(of.topic);
  if (why.code == errc::unknown_topic && count != where.partitions.end()
      && of.partition >= count->second)
    why.text = "partition " + to_string(topic_partition{shown(of.topic), of.partition})
               + " does not exist: the topic has " + std::to_string(count->second)
               + (count->second == 1 ? " partition" : " partitions");
  else if (why.code == errc::unknown_topic)
    why.text = "topic \"" + shown(of.topic) + "\" does not exist: " + why.text;
  else if (why.code != errc::bad_setting)
    why.text = to_string(topic_partition{shown(of.topic), of.partition}) + ": " + why.text;
  return why;
}

bool is_silence(const error& why) {
  return why.code == errc::unreachable || why.code == errc::timed_out;
}

} // namespace

reader::reader(cluster_settings common, const reader_settings& how,
               std::shared_ptr<broker_contact> contact)
  : common_{std::move(common)},
    how_{how},
    contact_{std::move(contact)},
    lookups_{
      std::make_shared<lookup_handle>(common_, consumer_handle_settings{}, isolation_of(how))} {}

reader::~reader() {
  reap(
    "a Kafka handle that looked up offsets",
    [lookups = std::move(lookups_)](const background_work&) { lookups->close(); },
    background::dispensable);
  if (core_)
    reap(
      "a Kafka reader",
      [core = std::move(core_)](const background_work& work) { end_core(*core, work); },
      background::dispensable);
}

std::chrono::milliseconds reader::elapsed() const {
  return std::chrono::floor<std::chrono::milliseconds>(clock::now() - opened_at_);
}

template <class Ask>
auto reader::retry(std::chrono::milliseconds within, Ask ask)
  -> decltype(ask(std::chrono::milliseconds{})) {
  const auto until = clock::now() + within;
  for (auto patience = first_patience;; patience = std::min(patience * 2, longest_patience)) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - clock::now());
    auto answer = ask(std::clamp<std::chrono::milliseconds>(left, 1ms, patience));
    if (answer)
      return answer;
    const auto& why = answer.error();
    const auto& complaint = lookups_->complaint();
    const bool may_succeed
      = why.retriable && why.code != errc::unknown_topic
        && !(is_silence(why) && complaint && complaint->code == errc::authentication_failed);
    if (!may_succeed || clock::now() + pause_before_retry >= until)
      return explain(why, within);
    std::this_thread::sleep_for(pause_before_retry);
  }
}

error reader::explain(error why, std::chrono::milliseconds within) const {
  if (!is_silence(why))
    return why;
  const auto& complaint = lookups_->complaint();
  if (complaint && complaint->code == errc::authentication_failed)
    return *complaint;
  if (has_leaders_) {
    if (complaint)
      why.text += " (" + complaint->text + ")";
    return why;
  }
  auto text = "no broker of \"" + on_one_line(common_.brokers) + "\" answered within "
              + std::to_string(within.count()) + " ms";
  if (complaint)
    text += " (" + complaint->text + ")";
  return {.code = errc::unreachable, .retriable = true, .text = std::move(text)};
}

topic_layout reader::find_leaders(std::span<const topic_partition> of,
                                  std::chrono::milliseconds within) {
  auto where = lookups_->find_leaders(of, within);
  has_leaders_ = !where.partitions.empty();
  return where;
}

result<std::int32_t> reader::count_partitions(const std::string& topic,
                                              std::chrono::milliseconds within) {
  return retry(within, [&](std::chrono::milliseconds left) -> result<std::int32_t> {
    const std::vector<topic_partition> first{{topic, 0}};
    const auto where = find_leaders(first, left);
    if (const auto count = where.partitions.find(topic);
        count != where.partitions.end() && count->second > 0)
      return count->second;
    if (const auto* why = std::get_if<error>(&where.leaders.at(first[0])))
      return name_partition(*why, first[0], where);
    return to_error(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
  });
}

result<std::vector<log_offsets>>
reader::look_up(std::span<const topic_partition> partitions,
                std::span<const std::chrono::system_clock::time_point> times,
                std::chrono::milliseconds within) {
  const auto lists = lists_for(partitions, times);
  return retry(within, [&](std::chrono::milliseconds left) -> result<std::vector<log_offsets>> {
    const auto until = clock::now() + left;
    const auto where = find_leaders(partitions, left);
    for (const auto& [at, leader] : where.leaders)
      if (const auto* why = std::get_if<error>(&leader))
        return name_partition(*why, at, where);
    const auto rest = std::chrono::ceil<std::chrono::milliseconds>(until - clock::now());
    const auto found = lookups_->ask(
      where, lists, [] { return false; }, std::max<std::chrono::milliseconds>(rest, 1ms));
    std::vector<log_offsets> answer;
    for (std::size_t i = 0; i < partitions.size(); ++i) {
      log_offsets log{.at = partitions[i]};
      for (std::size_t list = 0; list < lists.size(); ++list) {
        if (const auto* why = std::get_if<error>(&found[list][i]))
          return name_partition(*why, partitions[i], where);
        const auto offset = std::get<log_offset>(found[list][i]).offset;
        if (list < 2 && offset < 0)
          return name_partition(to_error(RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE), partitions[i],
                                where);
        if (list == 0)
          log.begin = offset;
        else if (list == 1)
          log.end = offset;
        else
          log.since.push_back(offset);
      }
      answer.push_back(std::move(log));
    }
    return answer;
  });
}

std::optional<error> reader::open_core() {
  if (core_)
    return std::nullopt;
  auto conf = configure_consumer(common_, settings_of_handle(how_, partitions_));
  auto threads = std::make_unique<interceptors>(destroy_messages, contact_);
  intercept(conf.get(), *threads);
  const auto opened = conf.open(RD_KAFKA_CONSUMER);
  if (const auto* why = std::get_if<error>(&opened))
    return *why;
  auto* native = std::get<rd_kafka_t*>(opened);
  core_ = std::make_shared<reader_core>(std::make_shared<handle>(
    native, owned_queue{rd_kafka_queue_get_main(native)}, std::move(threads)));
  return std::nullopt;
}

result<std::unique_ptr<partition_queue>> reader::start(const position& from) {
  if (const auto refused = open_core())
    return *refused;
  auto* topic = core_->topic(from.at.topic);
  if (topic == nullptr)
    return to_error(rd_kafka_last_error());
  return std::unique_ptr<partition_queue>{std::make_unique<reader_queue>(core_, topic, from)};
}

error reader::explain_silence(const topic_partition& of, std::chrono::milliseconds waited) {
  auto text = to_string(of) + ": no record and no end of the log arrived within "
              + std::to_string(waited.count()) + " ms";
  const auto complaint = core_ ? core_->complaint() : std::nullopt;
  if (complaint && complaint->code == errc::authentication_failed)
    return *complaint;
  if (complaint)
    text += " (" + complaint->text + ")";
  return {.code = complaint ? errc::unreachable : errc::timed_out,
          .retriable = true,
          .text = std::move(text)};
}

} // namespace ottla::kafka
