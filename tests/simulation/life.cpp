#include "life.hpp"

#include <ottla/kafka/health.hpp>
#include <ottla/kafka/process_names.hpp>
#include <ottla/registry/name_table.hpp>
#include <ottla/supervision/supervisor_spec.hpp>

#include "simulated_membership.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>
#include <vector>

namespace ottla::kafka::simulation {

namespace {

using namespace std::chrono_literals;

/// Upper bound of the turns at one moment of virtual time. A tree that needs more turns probably
/// never becomes idle.
constexpr std::uint64_t most_turns = 300'000;
constexpr moment step = 20ms;
constexpr moment recovery = 60s;
constexpr moment orderly_stop = 30s;
/// Health asks each process every 2 s, and reports a process that has not answered for 10 s.
constexpr moment found_silent_within = 13s;

} // namespace

life::life(std::uint64_t seed, trace::wanted what)
  : scene_{seed, what}, cluster_{scene_}, order_{scene_.checks} {}

life::~life() {
  for (const auto& each : processes_)
    kill(each);
  processes_.clear();
  scene_.clock.stop();
}

std::optional<finding> life::run() {
  try {
    start();
    go_wrong();
    if (!scene_.checks.found() && scene_.how.sudden_stop) {
      stop_suddenly();
    } else {
      if (!scene_.checks.found())
        recover();
      if (!scene_.checks.found())
        go_wrong_when_idle();
      if (!scene_.checks.found())
        stop();
    }
    if (!scene_.checks.found())
      check_produces();
    if (!scene_.checks.found())
      chaos_->check_calls();
  } catch (const std::exception& thrown) {
    scene_.checks.demand(false, "the tree becomes idle", "{}", thrown.what());
  }
  if (chaos_)
    chaos_->end();
  took_ = scene_.clock.now();
  return scene_.checks.found();
}

void life::start() {
  stage_.time.choose_turns([this](std::size_t ready) { return next_turn(ready); });
  scene_.clock.start(stage_.time);
  scene_.pass = [this](moment by) { stage_.time.advance(by); };
  scene_.log.line("    {}", to_string(scene_.how));
  cluster_.group().begin();
  supervisor_spec app{.id = "app", .restarts = {.at_most = 1'000'000, .within = 1s}};
  for (std::size_t member = 0; member < scene_.how.members; ++member)
    app.children.push_back(make_member(cluster_, member, stage_.time.system(), processes_));
  cluster_.begin();
  root_ = stage_.watch(app);
  scene_.up = true;
  chaos_ = std::make_unique<chaos>(cluster_, stage_, root_->process);
}

std::size_t life::next_turn(std::size_t ready) {
  ++scene_.turns;
  if (scene_.clock.now() != last_turn_) {
    last_turn_ = scene_.clock.now();
    turns_of_this_moment_ = 0;
  }
  if (++turns_of_this_moment_ > most_turns)
    throw std::runtime_error{"the actors are still busy after 300,000 turns at one moment"};
  return scene_.how.odd_order ? scene_.random.below(ready) : 0;
}

void life::advance(moment by) {
  stage_.time.advance(by);
  for (const auto& event : *stage_.events) {
    order_.heard(event);
    if (chaos_)
      chaos_->heard(event);
    // A stop may shorten the time that a supervisor waits after a kill.
    scene_.checks.demand(event.what != process_event::kind::fenced || may_hang(scene_.how)
                           || stage_.tree->stop.has_begun(),
                         "only a process that hangs is reported as hung", "{}", to_string(event));
  }
  stage_.events->clear();
}

bool life::pass(moment by) {
  advance(by);
  scene_.checks.demand(!root_->ended, "the application outlives all faults",
                       "the application ended: {}", root_->ended ? to_string(*root_->ended) : "");
  return !scene_.checks.found();
}

void life::go_wrong() {
  chaos_->begin();
  while (scene_.clock.now() < moment{scene_.how.chaos}) {
    if (!pass(step))
      return;
    check_aborted();
  }
}

void life::recover() {
  scene_.calm = true;
  chaos_->end();
  await_recovery();
}

void life::await_recovery() {
  const auto began = scene_.clock.now();
  bool freed = false;
  std::string wrong;
  do {
    if (!pass(10 * step))
      return;
    chaos_->start_all();
    const auto since = scene_.clock.now() - began;
    if (since > 1s && !std::exchange(freed, true))
      chaos_->free_what_waits();
    const auto behind = missing();
    wrong = behind.empty() ? broken() : behind;
    if (!cluster_.group().is_stable())
      wrong += "the group is not stable; ";
    if (since > recovery) {
      scene_.checks.demand(
        behind.empty(), "once faults stop, every message is handled and committed", "{}", behind);
      scene_.checks.demand(wrong.empty(), "once faults stop, the tree recovers completely", "{}",
                           wrong);
    }
  } while (!freed || !wrong.empty());
}

void life::go_wrong_when_idle() {
  if (scene_.random.chance(scene_.how.idle_refusals)) {
    refuse_idle_fetches();
    await_recovery();
  }
  if (!scene_.checks.found() && scene_.how.silence) {
    fall_silent();
    await_recovery();
  }
}

void life::refuse_idle_fetches() {
  for (const auto& which : cluster_.partitions()) {
    const auto owner = cluster_.refuse_fetch(which);
    if (!owner)
      continue;
    if (!pass(moment::zero()))
      return;
    const auto report = health_of(member_name(*owner));
    const auto prefix = scene_.how.without_group ? consumer_prefix(which.topic) : std::string{};
    const auto name = prefix + "partition/" + to_string(which);
    scene_.checks.demand(
      report
        && std::ranges::any_of(report->reasons,
                               [&](const auto& reason) { return reason.what == name; }),
      "a refused fetch is in health", "m{} {}", *owner, to_string(which));
  }
}

void life::fall_silent() {
  const auto member = scene_.random.below(scene_.how.members);
  const auto whom = chaos_->silence(member);
  if (!whom)
    return;
  const auto began = scene_.clock.now();
  while (scene_.clock.now() - began < found_silent_within)
    if (!pass(10 * step))
      return;
  scene_.checks.silent(member, true);
  for (int more = 0; more < 20 && pass(10 * step); ++more) {
    const auto report = health_of(member_name(member));
    scene_.checks.demand(report && report->state == health_state::stalled,
                         "a process that hangs is in health", "m{} is {}", member,
                         report ? to_string(*report) : "without a health process");
  }
  scene_.checks.silent(member, false);
  chaos_->end_silences();
}

void life::check_aborted() {
  for (const auto member : chaos_->aborted()) {
    const auto report = health_of(member_name(member));
    if (!report)
      continue;
    const auto is_told = std::ranges::any_of(report->reasons, [](const auto& reason) {
      return reason.what.ends_with(coordinator_name) && reason.why.starts_with("aborted: ");
    });
    scene_.checks.demand(report->state == health_state::stalled && is_told,
                         "an aborted member is stalled in health", "m{} is {}", member,
                         to_string(*report));
  }
}

/// Names the partitions whose committed offset is not the end of the log. Without a group, the
/// acknowledged offset of each member counts.
std::string life::missing() {
  std::string text;
  if (scene_.how.without_group) {
    for (std::size_t member = 0; member < scene_.how.members; ++member)
      for (const auto& [which, log] : cluster_.logs())
        if (const auto done = scene_.checks.progress(member, which); done != log.end())
          text += fmt::format("m{} has acknowledged {} up to {} of {}; ", member, to_string(which),
                              done, log.end());
    return text;
  }
  for (const auto& [which, log] : cluster_.logs()) {
    const auto stored = cluster_.group().committed(which);
    if (log.end() != stored.value_or(-1))
      text += fmt::format("{} is committed up to {} of {}; ", to_string(which), stored.value_or(-1),
                          log.end());
  }
  return text;
}

std::string life::broken() {
  const auto tree = ottla::test::ask<tree_node>(stage_, root_->process, describe_tree{});
  if (!tree.answer)
    return "the tree does not answer";
  std::string text;
  std::vector<std::string> workers;
  const auto visit = [&](const auto& self, const tree_node& node) -> void {
    for (const auto& child : node.children) {
      if (child.status != child_status::up || !is_alive(child.process))
        text += fmt::format("{} is {}; ", child.path, to_string(child.status));
      if (child.id.starts_with("worker/"))
        workers.push_back(child.path);
      self(self, child);
    }
  };
  visit(visit, *tree.answer);
  const auto readers = scene_.how.without_group ? scene_.how.members : 1;
  if (!scene_.how.shared_workers && workers.size() != readers * cluster_.partitions().size())
    text += fmt::format("{} workers for {} partitions: {}; ", workers.size(),
                        readers * cluster_.partitions().size(), fmt::join(workers, ", "));
  if (!scene_.how.handler_processes && scene_.handlers != workers.size())
    text += fmt::format("{} handlers for {} workers; ", scene_.handlers, workers.size());
  for (std::size_t member = 0; member < scene_.how.members; ++member) {
    const auto table = name_table::find(*stage_.names, member_name(member));
    text += unwell(member_name(member));
    if (const auto found = cluster_.membership_of(member);
        !scene_.how.without_group && (!found || !found->is_in_group()))
      text += fmt::format("{} is not in the group; ", member_name(member));
    if (!table)
      text += fmt::format("{} has no registry; ", member_name(member));
    else if (table->size() != table->select("").size())
      text += fmt::format("{} has names of dead processes; ", member_name(member));
  }
  return text;
}

std::string life::unwell(const std::string& member) {
  const auto report = health_of(member);
  if (!report)
    return fmt::format("{} has no health process that answers; ", member);
  if (report->state == health_state::healthy)
    return {};
  return fmt::format("{} is {}; ", member, to_string(*report));
}

std::optional<health_report> life::health_of(const std::string& member) {
  const auto reporter = stage_.names->whereis(member + "/health");
  if (!reporter)
    return std::nullopt;
  return ottla::test::ask<health_report>(stage_, reporter, get_health{}).answer;
}

void life::begin_stop() {
  scene_.log.line("     the application is stopped");
  scene_.checks.stop_began();
  for (auto& one : scene_.produces)
    one.over_before_stop = one.caller->answer || one.caller->failed;
  stage_.tree->stop.begin(stage_.time.now().time_since_epoch(), scene_.how.stop_within);
  request_exit(root_->process, to_error(exit_reason::shutdown()));
}

/// Stops the tree while brokers are unreachable, processes are killed and handlers hang. All work
/// that the report of the stop does not list as unfinished must be done.
void life::stop_suddenly() {
  begin_stop();
  const auto began = scene_.clock.now();
  while (!root_->ended && scene_.clock.now() - began < orderly_stop)
    advance(step);
  scene_.checks.demand(root_->ended.has_value(), "a stop ends",
                       "the application still runs after {} s",
                       std::chrono::duration_cast<std::chrono::seconds>(orderly_stop).count());
  scene_.calm = true;
  chaos_->end();
  advance(2s);
  check_last_commits();
}

bool life::reported(std::size_t member, const char* process) const {
  const auto path = "app/" + member_name(member) + '/' + process + ": ";
  return std::ranges::any_of(stage_.tree->unfinished.lines(),
                             [&](const auto& line) { return line.starts_with(path); });
}

void life::check_last_commits() {
  // After a truncation a partition may restart below the committed offset.
  if (scene_.how.truncation_rate != 0)
    return;
  if (scene_.how.without_group && !scene_.how.stores_offsets)
    return;
  for (const auto& [member, of, counted] : scene_.checks.owed_at_end()) {
    const auto stored = stored_offset(member, of);
    const auto reporter = scene_.how.without_group ? consumer_prefix(of.topic) + "coordinator"
                                                   : "group_supervisor/coordinator";
    scene_.checks.demand(stored >= counted || chaos_->was_aborted(member)
                           || reported(member, reporter.c_str()),
                         "a stop reports the offsets that it did not commit", "m{} {}: {} of {}",
                         member, to_string(of), stored, counted);
  }
}

std::int64_t life::stored_offset(std::size_t member, const topic_partition& of) const {
  if (!scene_.how.without_group)
    return cluster_.group().committed(of).value_or(0);
  const auto stored = scene_.own_offsets.find({member, of});
  return stored == scene_.own_offsets.end() ? 0 : stored->second;
}

void life::check_produces() {
  auto& checks = scene_.checks;
  for (const auto& [member, values, caller, over_before_stop] : scene_.produces) {
    const auto is_stored = [this, &sent = values](std::size_t index) {
      return scene_.stored_records.contains(sent[index]);
    };
    checks.demand(caller->answer || caller->failed, "each produce is answered", "m{} {}", member,
                  values.empty() ? "" : values.front());
    std::vector<bool> stored(values.size(), caller->answer.has_value());
    std::size_t failures = 0;
    if (caller->answer) {
      for (const auto& failure : caller->answer->failures) {
        ++failures;
        // Records that the producer never accepted are not work that a stop left undone.
        const auto& why = failure.why.text;
        const bool is_refused = failure.why.code == errc::buffer_full
                                || why.ends_with("the producer is shutting down")
                                || why.ends_with("the producer is restarting");
        checks.demand(over_before_stop || is_refused || reported(member, "producing/producer"),
                      "a stop reports the records that it did not store", "m{} {}", member,
                      values.at(failure.index));
        stored.at(failure.index) = failure.may_be_stored && is_stored(failure.index);
        checks.demand(caller->answer->places.empty()
                        || caller->answer->places.at(failure.index) == record_place{},
                      "a record with a failure has no place", "m{} {}", member,
                      values.at(failure.index));
      }
      for (std::size_t index = 0; index < caller->answer->places.size(); ++index)
        checks.demand(!stored[index] || caller->answer->state_of(index) != record_state::stored
                        || caller->answer->places[index] == scene_.stored_records[values[index]],
                      "the place of a stored record is its place in the log", "m{} {}", member,
                      values[index]);
      checks.demand(caller->answer->stored + failures == values.size(),
                    "a produce is answered for each record", "m{}: {} and {} of {}", member,
                    caller->answer->stored, failures, values.size());
    }
    for (std::size_t index = 0; index < values.size(); ++index)
      checks.demand(is_stored(index) == stored[index],
                    "whether a record is stored agrees with the answer to its produce", "m{} {}",
                    member, values[index]);
  }
}

void life::stop() {
  begin_stop();
  const auto began = scene_.clock.now();
  while (!root_->ended && scene_.clock.now() - began < orderly_stop)
    advance(step);
  auto& checks = scene_.checks;
  checks.demand(root_->ended.has_value(), "a stop ends", "the application still runs after {} s",
                std::chrono::duration_cast<std::chrono::seconds>(orderly_stop).count());
  // A handler process may hold batches of ended workers until it answers.
  advance(2s + scene_.how.slowest_answer);
  checks.demand(scene_.batches == 0, "every batch is released", "{} are held", scene_.batches);
  checks.demand(scene_.handlers == 0, "no handler remains", "{} remain", scene_.handlers);
  checks.demand(scene_.consumers == 0 && scene_.producers == 0, "no Kafka handle remains",
                "{} consumers and {} producers remain", scene_.consumers, scene_.producers);
  // After a truncation, a partition may restart from its beginning at any time.
  check_last_commits();
  checks.demand(missing().empty() || scene_.how.truncation_rate != 0,
                "committed offsets stay committed", "{}", missing());
  checks.stopped();
  for (std::size_t member = 0; member < scene_.how.members; ++member)
    if (const auto table = name_table::find(*stage_.names, member_name(member)))
      checks.demand(table->select("").empty(), "no name remains", "{} has {}", member_name(member),
                    table->select("").size());
}

} // namespace ottla::kafka::simulation
