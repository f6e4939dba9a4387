#include <ottla/kafka/internal/driver/librdkafka/commits.hpp>
#include <ottla/kafka/internal/driver/librdkafka/epoch_functions.hpp>
#include <ottla/kafka/internal/driver/librdkafka/error_codes.hpp>
#include <ottla/kafka/internal/driver/librdkafka/forgotten_generation.hpp>
#include <ottla/kafka/internal/driver/librdkafka/owned.hpp>
#include <ottla/kafka/internal/driver/librdkafka/partition_list.hpp>

#include <algorithm>
#include <span>
#include <utility>

namespace ottla::kafka {

namespace {

void* as_opaque(token asked) noexcept {
  return reinterpret_cast<void*>(asked);
}
token from_opaque(void* opaque) noexcept {
  return reinterpret_cast<token>(opaque);
}
static_assert(sizeof(token) == sizeof(void*));

bool rejects_an_epoch(const rd_kafka_topic_partition_list_t* list) {
  return std::ranges::any_of(entries(list), [](const auto& each) {
    return each.err == RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH
           || each.err == RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH;
  });
}

} // namespace

commits::commits(handle& of, event_box<consumer_event>& events, const topic_starts& starts,
                 const leader_epochs& epochs)
  : handle_{of}, events_{events}, starts_{starts}, epochs_{epochs} {
  if (!commits_can_cost_partitions(of.native()))
    return;
  probe_answers_.reset(rd_kafka_queue_new(of.native()));
  events_.bell().attach(probe_answers_.get());
}

void commits::ask(token asked, std::vector<position> next) {
  unanswered_.emplace(asked, std::move(next));
  waiting_.push_back(asked);
  send_if_safe();
}

void commits::send_if_safe() {
  if (in_rebalance_) {
    send_waiting();
    return;
  }
  if (closes_ || waiting_.empty() || handle_.joins().is_joining() || probes_.are_under_way())
    return;
  const auto causes = handle_.joins().causes_to_join();
  if (probe_answers_ != nullptr && send_probe())
    probes_.begin(causes);
  else
    send_waiting();
}

bool commits::send_probe() {
  const auto nothing = make_partition_list(std::span<const topic_partition>{});
  return rd_kafka_commit_queue(handle_.native(), nothing.get(), probe_answers_.get(), nullptr,
                               nullptr)
         == RD_KAFKA_RESP_ERR_NO_ERROR;
}

void commits::read_probes() {
  if (probe_answers_ == nullptr)
    return;
  auto& joins = handle_.joins();
  // The answer to a probe takes microseconds. Waiting here saves one run of the actor for each
  // answer.
  const auto wait_ms = [this] { return probes_.are_under_way() ? 1 : 0; };
  while (const auto answer = owned_event{rd_kafka_queue_poll(probe_answers_.get(), wait_ms())}) {
    if (!probes_.are_under_way())
      continue;
    if (probes_.needs_another(joins.causes_to_join()) && !closes_ && send_probe())
      continue;
    probes_.end();
    if (!closes_ && !joins.is_joining())
      send_waiting();
  }
}

void commits::send_waiting() {
  for (const auto asked : std::exchange(waiting_, {}))
    send(asked);
}

void commits::send(token asked) {
  const auto list = make_partition_list(unanswered_.at(asked));
  for (const auto& each : unanswered_.at(asked)) {
    set_metadata(list.get(), each.at, starts_.metadata_of(each.at.topic));
    if (sends_epochs_)
      set_leader_epoch(list.get(), each.at, epochs_.before(each.at, each.offset));
  }
  const auto code = rd_kafka_commit_queue(handle_.native(), list.get(), handle_.events(), nullptr,
                                          as_opaque(asked));
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
    fail(asked, code);
}

void commits::fail(token asked, rd_kafka_resp_err_t why) {
  auto of = unanswered_.extract(asked);
  events_.post(
    committed{.asked = asked, .positions = std::move(of.mapped()), .failed = to_error(why)});
}

std::optional<committed> commits::answered(rd_kafka_event_t* event) {
  const auto asked = from_opaque(rd_kafka_event_opaque(event));
  const auto* list = rd_kafka_event_topic_partition_list(event);
  // Brokers store the epoch without a check. librdkafka's mock cluster rejects all epochs except
  // the newest, so the commit is sent again without epochs.
  if (unanswered_.contains(asked) && (in_rebalance_ || !closes_) && rejects_an_epoch(list)
      && std::exchange(sends_epochs_, false)) {
    send(asked);
    return std::nullopt;
  }
  const auto of = unanswered_.extract(asked);
  if (of.empty())
    return std::nullopt;
  committed answer{.asked = of.key(), .positions = std::move(of.mapped()), .failed = {}};
  const auto code = rd_kafka_event_error(event);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
    answer.failed = to_error(code);
  for (auto& each : answer.positions)
    if (const auto* stored = find(list, each.at); stored != nullptr && stored->err != 0)
      each.failed = to_error(stored->err);
  return answer;
}

void commits::rebalance_told(bool has_generation) {
  in_rebalance_ = has_generation;
  if (!has_generation) {
    handle_.joins().expect();
    return;
  }
  handle_.joins().end();
  send_waiting();
}

void commits::rebalance_answered(bool joins_again) {
  in_rebalance_ = false;
  if (joins_again) {
    handle_.joins().expect();
    return;
  }
  handle_.joins().end();
  send_if_safe();
}

void commits::close() {
  if (!std::exchange(closes_, true))
    send_waiting();
}

void commits::release() noexcept {
  if (probe_answers_ != nullptr)
    doorbell::detach(probe_answers_.get());
  probe_answers_.reset();
}

void commits::lost() {
  in_rebalance_ = true;
  handle_.joins().end();
  for (const auto asked : std::exchange(waiting_, {}))
    fail(asked, RD_KAFKA_RESP_ERR__ASSIGNMENT_LOST);
}

std::optional<committed> commits::give_up_one() {
  if (unanswered_.empty())
    return std::nullopt;
  auto of = unanswered_.extract(unanswered_.begin());
  std::erase(waiting_, of.key());
  return committed{.asked = of.key(),
                   .positions = std::move(of.mapped()),
                   .failed = to_error(RD_KAFKA_RESP_ERR__DESTROY)};
}

} // namespace ottla::kafka
