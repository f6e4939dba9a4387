#include <ottla/actors/background_work.hpp>
#include <ottla/actors/call.hpp>
#include <ottla/kafka/consumer/group_requests.hpp>
#include <ottla/supervision/application.hpp>

#include "run/commands.hpp"
#include "run/group_output.hpp"
#include "run/interruption.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <poll.h>
#include <unistd.h>

namespace command {

namespace kafka = ottla::kafka;

namespace {

using steady = std::chrono::steady_clock;
using namespace std::chrono_literals;

/// How often the limits are checked.
constexpr auto check_interval = 200ms;
constexpr auto lag_answers_within = 10s;
constexpr auto to_leave_group = 5s;

kafka::connection member_of(const session& with, const consume_records& what,
                            const std::shared_ptr<group_output>& to) {
  auto member = with.connection;
  member.producing = std::nullopt;
  member.producers.clear();
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
  group.handle_within = 0ms;
  return member;
}

/// Whether the member has consumed all of its partitions.
bool is_at_end(ottla::application& app) {
  const auto lag = ottla::call<kafka::lag_report>(app.system(), app.find("command/coordinator"),
                                                  lag_answers_within, kafka::get_lag{});
  return lag && !lag->partitions.empty()
         && std::ranges::all_of(lag->partitions, [](const auto& each) { return each.lag() == 0; });
}

/// Waits until a limit is reached, the program is interrupted or the application ends. Returns the
/// exit status.
int consume_until_limit(session& with, const consume_records& what, ottla::application& app,
                        const group_output& to, interruption& signals) {
  const auto begin = steady::now();
  progress_line bar{what.topic, begin};
  const bool shows_bar = isatty(STDOUT_FILENO) == 0;
  while (true) {
    std::array<pollfd, 3> all{pollfd{signals.descriptor(), POLLIN, 0},
                              pollfd{to.descriptor(), POLLIN, 0}, pollfd{STDOUT_FILENO, 0, 0}};
    poll(all.data(), all.size(), static_cast<int>(check_interval.count()));
    if (const auto number = signals.signal())
      return 128 + *number;
    const auto now = to.now();
    if (now.is_done || (all[2].revents & (POLLERR | POLLHUP | POLLNVAL)) != 0)
      return 0;
    if (const auto why = app.ended())
      return static_cast<int>(with.faults.fail(
        exit_status::failed, fmt::format("the consumer ended: {}", to_string(*why))));
    if (shows_bar)
      with.faults.show_progress(bar, {.records = now.records, .bytes = now.bytes});
    if (!now.is_assigned) {
      if (steady::now() - begin < with.common.timeout)
        continue;
      if (const auto why = to.last())
        return static_cast<int>(with.faults.fail(*why));
      return static_cast<int>(with.faults.fail(
        exit_status::unreachable, "the group assigned no partitions within the timeout"));
    }
    if (what.idle && steady::now() - now.last_activity >= *what.idle)
      return 0;
    if (what.until_end && is_at_end(app))
      return 0;
  }
}

} // namespace

int run_group(session& with, const consume_records& what) {
  interruption signals;
  const auto to
    = std::make_shared<group_output>(with.out, with.faults, with.common.output, what.show);
  const auto member = member_of(with, what, to);
  if (const auto wrong = kafka::validate(member); !wrong.empty())
    return static_cast<int>(
      with.faults.fail(exit_status::usage, fmt::format("{}", fmt::join(wrong, "; "))));
  ottla::application app{{.id = "ottla", .children = {member}}};
  auto status = consume_until_limit(with, what, app, *to, signals);
  with.faults.clear_progress();
  to->close();
  // The stop commits what was written, and leaves the group.
  const auto& stopped = app.stop();
  ottla::wait_for_background_work(to_leave_group, ottla::background::owed);
  if (stopped)
    return status;
  for (const auto* list : {&stopped.killed, &stopped.left, &stopped.unfinished})
    for (const auto& each : *list)
      with.faults.note(fmt::format("{} did not stop properly", each));
  return status != 0 ? status : static_cast<int>(exit_status::failed);
}

} // namespace command
