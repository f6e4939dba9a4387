#pragma once

#include <ottla/actors/root_directory.hpp>
#include <ottla/actors/virtual_time.hpp>
#include <ottla/supervision/child_spec.hpp>
#include <ottla/supervision/internal/child_processes.hpp>
#include <ottla/supervision/internal/tree_context.hpp>

#include "print.hpp"
#include "probe.hpp"
#include "take_lines.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace ottla::test {

/// What the starter of a process has observed.
struct sighting {
  caf::actor process;
  std::optional<process_started> answer;
  std::optional<exit_reason> ended;

  bool up() const { return answer && answer->result == process_started::outcome::ok && !ended; }
  std::string failure() const { return answer ? answer->text : std::string{}; }
};

/// Starts processes in place of a supervisor, and only records what happens to them.
class witness : public caf::event_based_actor {
public:
  witness(caf::actor_config& config, std::shared_ptr<sighting> seen)
    : caf::event_based_actor{config}, seen_{std::move(seen)} {}

  caf::behavior make_behavior() override {
    on_down(this,
            [this](const caf::down_msg& down) { seen_->ended = to_exit_reason(down.reason); });
    return {
      [this](const process_started& answer) { seen_->answer = answer; },
      [this](const caf::actor& process) { start_watching(this, process); },
    };
  }

  void on_exit() override { seen_.reset(); }

private:
  std::shared_ptr<sighting> seen_;
};

/// Virtual time, a directory and a journal. The destructor kills every process that was started on
/// the stage.
class stage {
public:
  stage() {
    tree->observer = [events = events](const process_event& event) { events->push_back(event); };
    time.choose_turns([this](std::size_t) {
      note_turn();
      return std::size_t{0};
    });
  }

  ~stage() {
    turns_ = 0;
    for (const auto& each : started_)
      kill(each->process);
    for (const auto& each : witnesses_)
      kill(each);
    time.run();
    started_.clear();
    witnesses_.clear();
    log->processes.clear();
  }

  stage(const stage&) = delete;
  stage& operator=(const stage&) = delete;

  /// Starts a child, runs all actors, and returns what the starter observed.
  const sighting& start(const child_spec& spec) { return *watch(spec); }

  /// Like start, for callers that may outlive the stage.
  std::shared_ptr<const sighting> watch(const child_spec& spec) {
    auto seen = std::make_shared<sighting>();
    auto eyes = caf::actor_cast<caf::actor>(time.system().spawn<witness>(seen));
    seen->process = spec.start({.system = time.system(),
                                .process = {.label = std::make_shared<const process_label>(
                                              process_label{spec.id, spec.name}),
                                            .names = names,
                                            .starter = eyes,
                                            .children = std::make_shared<child_processes>(),
                                            .tree = tree},
                                .run_as = spec.run_as});
    post(eyes, seen->process);
    started_.push_back(seen);
    witnesses_.push_back(std::move(eyes));
    time.run();
    return seen;
  }

  /// The spec of a probe with this id.
  child_spec child(const std::string& id, std::deque<init_does> inits = {}) const {
    probe_plan plan{.id = id, .log = log};
    *plan.inits = std::move(inits);
    return {.id = id, .start = ottla::start<probe>(plan)};
  }

  child_spec deaf_child(const std::string& id) const {
    return {.id = id, .start = ottla::start<probe>(probe_plan{.id = id, .log = log, .deaf = true})};
  }

  /// The living probe with this id, or null.
  caf::actor process(const std::string& id) const {
    auto found = caf::actor_cast<caf::actor>(log->processes[id]);
    return is_alive(found) ? found : caf::actor{};
  }

  template <class Message>
  void tell(const std::string& id, Message what) {
    post(process(id), std::move(what));
    time.run();
  }

  void end_abruptly(const caf::actor& process) {
    kill(process);
    time.run();
  }

  /// Kills the process with this name. True if another process has the name afterwards.
  bool is_replaced_after_kill(const std::string& name) {
    const auto first = names->whereis(name);
    end_abruptly(first);
    const auto second = names->whereis(name);
    return second && second != first;
  }

  void ask_to_end(const caf::actor& process) {
    request_exit(process, to_error(exit_reason::shutdown()));
    time.run();
  }

  /// Returns the journal lines since the last call, as in `start a, end a`.
  std::string happened() { return take_lines(log->lines); }

  /// Runs `failure`, and waits for the restart delay that the failure causes. Returns the delay, or
  /// 0 if no restart was delayed.
  std::chrono::nanoseconds delay_after(const std::function<void()>& failure) {
    events->clear();
    failure();
    const auto waits
      = std::ranges::find(*events, process_event::decision::wait, &process_event::then);
    if (waits == events->end())
      return {};
    const auto delay = waits->delay;
    time.advance(delay);
    return delay;
  }

  std::size_t count(process_event::kind what) const {
    std::size_t result = 0;
    for (const auto& event : *events)
      result += event.what == what;
    return result;
  }

  std::shared_ptr<journal> log = std::make_shared<journal>();
  std::shared_ptr<std::vector<process_event>> events
    = std::make_shared<std::vector<process_event>>();
  std::shared_ptr<tree_context> tree = std::make_shared<tree_context>();
  std::shared_ptr<root_directory> names = std::make_shared<root_directory>();
  virtual_time time;

private:
  /// Processes that need more turns at one moment of virtual time will probably never become idle.
  static constexpr std::size_t most_turns = 300'000;

  void note_turn() {
    if (const auto now = time.now(); now != std::exchange(moment_, now))
      turns_ = 0;
    if (++turns_ > most_turns)
      throw std::runtime_error{"the actors are still busy after 300,000 turns at one moment"};
  }

  std::size_t turns_ = 0;
  caf::actor_clock::time_point moment_;
  std::vector<std::shared_ptr<sighting>> started_;
  std::vector<caf::actor> witnesses_;
};

} // namespace ottla::test
