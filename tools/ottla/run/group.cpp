#include <ottla/kafka/admin/topics.hpp>

#include "run/commands.hpp"
#include "run/consumer_output.hpp"
#include "run/consumer_run.hpp"
#include "run/interruption.hpp"

#include <fmt/format.h>

#include <chrono>

namespace command {

namespace kafka = ottla::kafka;

namespace {

kafka::connection member_of(const session& with, const consume_records& what,
                            const std::shared_ptr<consumer_output>& to) {
  auto member = with.connection;
  member.producing = std::nullopt;
  member.producers.clear();
  member.consumers.clear();
  member.observer = to;
  if (!member.group_consumer)
    member.group_consumer = kafka::group_consumer{};
  auto& group = *member.group_consumer;
  group.group = what.group;
  // The command must not take over the membership of the program.
  group.instance.clear();
  group.topics = {what.topic};
  group.handler = kafka::handler<printing_handler>(to);
  if (what.from)
    std::visit(
      [&](const auto& each) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(each)>, before_end>)
          group.begin = each;
      },
      *what.from);
  if (what.read_uncommitted)
    group.extra["isolation.level"] = "read_uncommitted";
  // Handlers block while the reader of a pipe is slow, for example a pager.
  group.run_as = ottla::execution::detached;
  group.handle_within = std::chrono::milliseconds{0};
  return member;
}

/// A member would wait for a missing topic, since another program may create it. A user has
/// probably mistyped its name.
std::optional<kafka::error> look_up_topic(const session& with, const std::string& topic) {
  const auto exists = kafka::topic_exists(with.cluster, topic, with.common.timeout);
  if (!exists)
    return exists.error();
  if (*exists)
    return std::nullopt;
  return kafka::error{.code = kafka::errc::unknown_topic,
                      .text = fmt::format("topic \"{}\" does not exist", topic)};
}

} // namespace

int run_group(session& with, const consume_records& what) {
  interruption signals;
  if (const auto missing = signals.or_end([&] { return look_up_topic(with, what.topic); }))
    return static_cast<int>(with.faults.fail(*missing));
  const auto to
    = std::make_shared<consumer_output>(with.out, with.faults, with.common.output, what.show);
  return run_consumer(with, what, member_of(with, what, to), to, signals);
}

} // namespace command
