#include <ottla/actors/call.hpp>
#include <ottla/kafka/internal/health/health_reporter.hpp>
#include <ottla/kafka/process_names.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <utility>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;

constexpr auto check_interval = 500ms;

std::vector<std::string> names_to_watch(const std::vector<std::string>& consumers) {
  std::vector<std::string> names{std::string{producer_name}};
  const auto add = [&](const std::string& prefix) {
    for (const auto name : {acknowledger_name, coordinator_name, group_manager_name})
      names.push_back(prefix + std::string{name});
  };
  add("");
  for (const auto& topic : consumers)
    add(consumer_prefix(topic));
  return names;
}

std::string describe_silence(const silence_watch::silence& what) {
  auto name = what.name;
  const auto last = name.rfind('/');
  const auto begin = last == std::string::npos ? 0 : last + 1;
  std::replace(name.begin() + static_cast<std::ptrdiff_t>(begin), name.end(), '_', ' ');
  return fmt::format("the {} has not answered for {} s; a hook of the program may hang", name,
                     what.lasts / 1s);
}

} // namespace

health_reporter::health_reporter(caf::actor_config& config, process_context context,
                                 std::shared_ptr<health_board> board, std::shared_ptr<driver> seam,
                                 std::shared_ptr<observer> listener,
                                 const std::vector<std::string>& consumers)
  : process{config, std::move(context)},
    watched_{names_to_watch(consumers)},
    board_{std::move(board)},
    seam_{std::move(seam)},
    observer_{std::move(listener)} {}

caf::behavior health_reporter::set_up() {
  cast_after(this, check_interval, check_brokers{});
  return {
    [this](get_health) { return report(); },
    [this](check_brokers) {
      check_all();
      cast_after(this, check_interval, check_brokers{});
    },
    [this](const brokers_asked& answer) {
      brokers_.answered(answer.failed, now_as_time());
      note_brokers();
    },
  };
}

void health_reporter::terminated() {
  // A pending question must not delay the end of the program.
  stop_.request_stop();
  seam_->stop_asking();
}

void health_reporter::check_all() {
  switch (brokers_.check(seam_->view_brokers(), now_as_time())) {
    case broker_health::action::ask: ask(); break;
    case broker_health::action::stop_asking: seam_->stop_asking(); break;
    case broker_health::action::none: break;
  }
  note_brokers();
  check_silence();
  report_recovery();
}

void health_reporter::check_silence() {
  for (const auto& name : watched_)
    ask_for_sign(name);
  silence_.checked();
}

void health_reporter::ask_for_sign(std::string_view name) {
  const auto process = whereis(name);
  if (!process) {
    silence_.gone(name);
    return;
  }
  const auto time = now().time_since_epoch();
  if (!silence_.is_to_ask(name, process.id(), time))
    return;
  silence_.asked(name, process.id(), time);
  const auto answered = [this, name, id = process.id()] { silence_.answered(name, id); };
  send_request(this, process, infinity, sign_of_life{}, answered,
               [answered](const caf::error&) { answered(); });
}

health_report health_reporter::report() {
  auto report = board_->report();
  // Does not call the observer, because the observer may be the hook that hangs.
  for (const auto& one : silence_.silent(now().time_since_epoch())) {
    report.state = health_state::stalled;
    report.reasons.push_back({health_state::stalled, one.name, describe_silence(one)});
  }
  std::ranges::stable_sort(report.reasons, {}, &health_report::reason::what);
  return report;
}

void health_reporter::ask() {
  seam_->ask_brokers(broker_health::ask_within, stop_.get_token(),
                     [me = caf::actor_addr{address()}](const auto& why) {
                       if (auto self = caf::actor_cast<caf::actor>(me))
                         post(self, brokers_asked{why});
                     });
}

void health_reporter::note_brokers() {
  const std::string what{brokers_health};
  const auto now = now_as_time();
  if (const auto why = brokers_.complaint()) {
    // Replaces only an earlier complaint. A report of a Kafka handle has more detail and is kept.
    const auto text = to_string(*why);
    if (!board_->holds(what) || (complained_ && text != complaint_))
      board_->note(state_of(*why), what, text);
    complaint_ = text;
    named_since_ = named_since_.value_or(now);
    if (!std::exchange(complained_, true))
      observer_->failed(*why);
    return;
  }
  complained_ = false;
  if (!board_->holds(what)) {
    named_since_.reset();
    return;
  }
  named_since_ = named_since_.value_or(now);
  if (const auto heard = brokers_.heard_at(); heard && *heard > *named_since_) {
    board_->clear(what);
    named_since_.reset();
  }
}

void health_reporter::report_recovery() {
  const bool is_well = report().reasons.empty();
  if (is_well && !std::exchange(was_well_, is_well))
    observer_->recovered();
  was_well_ = is_well;
}

broker_health::time_point health_reporter::now_as_time() {
  return broker_health::time_point{now().time_since_epoch()};
}

} // namespace ottla::kafka
