#include "run/consumer_run.hpp"

#include <ottla/actors/background_work.hpp>
#include <ottla/actors/call.hpp>
#include <ottla/kafka/consumer/group_requests.hpp>
#include <ottla/supervision/application.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <future>
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
/// In a cooperative group, the other members give up partitions before a new member gets them.
constexpr auto cooperative_groups_settle_within = 10s;

/// Finds out whether a member has consumed all of its partitions. Asks on a thread of its own,
/// since the answer may take as long as a look-up on a slow broker.
class end_check {
public:
  explicit end_check(ottla::application& app) : app_{app} {}

  /// Whether the last answer says so. If not, asks again.
  bool is_at_end() {
    if (answer_.valid()) {
      if (answer_.wait_for(0s) != std::future_status::ready)
        return false;
      if (answer_.get())
        return true;
    }
    answer_ = std::async(std::launch::async, [this] { return ask(); });
    return false;
  }

private:
  bool ask() {
    const auto lag = ottla::call<kafka::lag_report>(app_.system(), app_.find("command/coordinator"),
                                                    lag_answers_within, kafka::get_lag{});
    return lag && !lag->partitions.empty()
           && std::ranges::all_of(lag->partitions,
                                  [](const auto& each) { return each.lag() == 0; });
  }

  ottla::application& app_;
  std::future<bool> answer_;
};

std::chrono::milliseconds settling_time(const kafka::connection& member) {
  const bool is_cooperative
    = member.group_consumer
      && member.group_consumer->strategy == kafka::assignor::cooperative_sticky;
  return is_cooperative ? cooperative_groups_settle_within : 0s;
}

/// Waits until a limit is reached, the program is interrupted or the application ends. Returns the
/// exit status.
int consume_until_limit(session& with, const consume_records& what,
                        const kafka::connection& consumer, ottla::application& app,
                        const consumer_output& to, interruption& signals, end_check& end) {
  const auto begin = steady::now();
  progress_line bar{what.topic, begin};
  const bool shows_bar = isatty(STDOUT_FILENO) == 0;
  while (true) {
    std::array<pollfd, 3> all{pollfd{signals.descriptor(), POLLIN, 0},
                              pollfd{to.descriptor(), POLLIN, 0}, pollfd{STDOUT_FILENO, 0, 0}};
    poll(all.data(), all.size(), static_cast<int>(check_interval.count()));
    if (const auto number = signals.signal()) {
      with.out.cancel();
      return 128 + *number;
    }
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
      return static_cast<int>(with.faults.fail(exit_status::unreachable,
                                               "no partitions were assigned within the timeout"));
    }
    if (what.idle && !now.is_writing && steady::now() - now.last_activity >= *what.idle)
      return 0;
    if (!what.until_end)
      continue;
    if (now.has_no_partitions(steady::now(), settling_time(consumer))) {
      with.faults.clear_progress();
      with.faults.note(
        fmt::format("the group \"{}\" has assigned no partition of \"{}\" to this member",
                    what.group, what.topic));
      return 0;
    }
    if (end.is_at_end())
      return 0;
  }
}

} // namespace

int run_consumer(session& with, const consume_records& what, const kafka::connection& consumer,
                 const std::shared_ptr<consumer_output>& to, interruption& signals) {
  if (const auto wrong = kafka::validate(consumer); !wrong.empty())
    return static_cast<int>(
      with.faults.fail(exit_status::usage, fmt::format("{}", fmt::join(wrong, "; "))));
  ottla::application app{{.id = "ottla", .children = {consumer}}};
  end_check end{app};
  auto status = consume_until_limit(with, what, consumer, app, *to, signals, end);
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
