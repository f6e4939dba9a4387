#include <ottla/kafka/client/librdkafka/commits.hpp>
#include <ottla/kafka/client/librdkafka/errors.hpp>
#include <ottla/kafka/client/librdkafka/partition_list.hpp>

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

} // namespace

void commits::ask(token asked, std::vector<position> next) {
  unanswered_.emplace(asked, std::move(next));
  if (handle_.joins().is_joining())
    waiting_.push_back(asked);
  else
    send(asked);
}

void commits::send(token asked) {
  const auto list = make_partition_list(unanswered_.at(asked));
  for (const auto& each : unanswered_.at(asked))
    set_metadata(list.get(), each.at, starts_.metadata_of(each.at.topic));
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
  const auto of = unanswered_.extract(from_opaque(rd_kafka_event_opaque(event)));
  if (of.empty())
    return std::nullopt;
  committed answer{.asked = of.key(), .positions = std::move(of.mapped()), .failed = {}};
  const auto code = rd_kafka_event_error(event);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
    answer.failed = to_error(code);
  const auto* list = rd_kafka_event_topic_partition_list(event);
  for (auto& each : answer.positions)
    if (const auto* stored = find(list, each.at); stored != nullptr && stored->err != 0)
      each.failed = to_error(stored->err);
  return answer;
}

void commits::joined() {
  handle_.joins().end();
  for (const auto asked : std::exchange(waiting_, {}))
    send(asked);
}

void commits::lost() {
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
