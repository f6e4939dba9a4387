#include "chaos.hpp"

#include <ottla/kafka/process_names.hpp>
#include <ottla/kafka/producer/produce.hpp>

#include "simulated_membership.hpp"

#include <utility>

namespace ottla::kafka::simulation {

namespace {

using namespace std::chrono_literals;

const std::vector<std::string> processes{
  "registry",          "producer", "coordinator", "acknowledger", "group_manager",
  "worker_supervisor", "producer", "health",      "coordinator",  "group_manager"};

void collect(const tree_node& node, std::vector<std::pair<std::string, caf::actor>>& into) {
  for (const auto& child : node.children) {
    if (child.process)
      into.emplace_back(child.path, child.process);
    collect(child, into);
  }
}

} // namespace

chaos::chaos(simulated_cluster& of, ottla::test::stage& on, caf::actor root)
  : of_{of},
    on_{of.on()},
    stage_{on},
    root_{std::move(root)},
    stopped_(of.on().how.members),
    callers_{on_, on.time.system()} {
  for (std::size_t member = 0; member < on_.how.members; ++member)
    producers_.emplace_back(process_ref{stage_.names, member_name(member) + "/producer"});
}

void chaos::every(int rate_ms, std::function<void()> what) {
  if (rate_ms <= 0)
    return;
  on_.clock.after(on_.within(1, 2 * rate_ms), [this, rate_ms, what = std::move(what)] {
    if (on_.calm)
      return;
    what();
    every(rate_ms, what);
  });
}

void chaos::begin() {
  const auto& how = on_.how;
  every(how.append_rate, [this] {
    of_.append(some_partition(), static_cast<std::size_t>(on_.random.between(1, 12)));
  });
  every(how.retention_rate, [this] { of_.age(some_partition()); });
  every(how.compaction_rate, [this] { of_.compact(some_partition()); });
  every(how.truncation_rate, [this] { of_.truncate(some_partition()); });
  every(how.growth_rate, [this] { of_.grow(); });
  every(how.transaction_rate,
        [this] { of_.begin_transaction(some_partition(), on_.within(20, 2'000)); });
  every(how.outage_rate, [this] { outage(); });
  every(how.cut_off_rate, [this] { cut_off_some(); });
  every(how.client_error_rate, [this] {
    if (const auto found = of_.membership_of(some_member()))
      found->fail(on_.random.chance(300));
  });
  every(how.fence_rate, [this] {
    if (const auto found = of_.membership_of(some_member()))
      found->fence();
  });
  every(how.move_rate, [this] {
    on_.log.line("     the group's coordinator moves to another address");
    of_.move_coordinator();
  });
  every(how.kill_rate, [this] { kill_some(); });
  every(how.worker_kill_rate, [this] { kill_named(some_member(), worker_of(some_partition())); });
  every(how.stall_rate, [this] { stall_some(); });
  every(how.hang_rate, [this] {
    stall(named(some_member(), worker_of(some_partition())), on_.within(200, 3'000));
  });
  every(how.stop_rate, [this] { stop_some(); });
  every(how.abort_rate, [this] { abort_some(); });
  every(how.produce_rate, [this] { produce_some(); });
  every(how.call_rate, [this] { call_some(); });
}

void chaos::end() {
  on_.log.line("     the faults end");
  of_.set_outage(false);
  for (std::size_t member = 0; member < on_.how.members; ++member) {
    of_.cut_off(member, false);
  }
  for (const auto member : std::exchange(to_restart_, {}))
    post(root_, terminate_child{.id = member_name(member)});
  start_all();
  end_silences();
  for (const auto& which : of_.partitions()) {
    of_.end_transaction(which);
    // After a truncation, the committed offset may be beyond the end of the log.
    if (on_.how.truncation_rate != 0 || on_.random.chance(700))
      of_.append(which, 2);
    if (on_.random.chance(500))
      of_.end_with_marker(which);
  }
}

void chaos::start_all() {
  for (std::size_t member = 0; member < on_.how.members; ++member)
    post(root_, restart_child{member_name(member)});
}

void chaos::free_what_waits() {
  for (std::size_t member = 0; member < on_.how.members; ++member)
    for (const auto& which : of_.partitions())
      if (on_.checks.waits(member, which))
        kill_named(member, worker_of(which));
}

caf::actor chaos::named(std::size_t member, const std::string& name) const {
  return stage_.names->whereis(member_name(member) + '/' + name);
}

std::string chaos::scoped(const std::string& name) const {
  const bool is_of_consumer = name == coordinator_name || name == acknowledger_name
                              || name == group_manager_name || name == worker_supervisor_name;
  return on_.how.without_group && is_of_consumer
           ? consumer_prefix(on_.random.one_of(of_.topics())) + name
           : name;
}

std::string chaos::worker_of(const topic_partition& which) const {
  if (on_.how.without_group)
    return consumer_prefix(which.topic) + worker_name(which.partition);
  return on_.how.shared_workers ? worker_name(which.partition) : worker_name(which);
}

void chaos::kill_named(std::size_t member, const std::string& name) {
  const auto victim = named(member, name);
  if (!victim)
    return;
  on_.log.line("m{}   {} is killed", member, name);
  kill(victim);
}

void chaos::kill_some() {
  if (on_.random.chance(250))
    kill_somebody_in_the_tree();
  else
    kill_named(some_member(), scoped(on_.random.one_of(processes)));
}

void chaos::kill_somebody_in_the_tree() {
  const auto seen = ottla::test::ask_later<tree_node>(stage_, root_, describe_tree{.within = 5ms});
  on_.clock.after(8ms, [this, seen] {
    if (!seen->answer || on_.calm)
      return;
    std::vector<std::pair<std::string, caf::actor>> all;
    collect(*seen->answer, all);
    if (all.empty())
      return;
    const auto& [path, victim] = on_.random.one_of(all);
    on_.log.line("     {} is killed", path);
    kill(victim);
  });
}

void chaos::stall(const caf::actor& whom, moment how_long) {
  if (!whom || stalled_.contains(whom.id()))
    return;
  on_.log.line("     actor {} stalls for {} ms", whom.id(), how_long.count() / 1'000);
  stalled_.emplace(whom.id(), whom);
  stage_.time.hang(whom);
  on_.clock.after(how_long, [this, id = whom.id()] {
    if (const auto found = stalled_.extract(id)) {
      on_.log.line("     actor {} resumes", id);
      stage_.time.wake(found.mapped());
    }
  });
}

void chaos::stall_some() {
  const auto member = some_member();
  const auto whom = on_.random.chance(400) ? named(member, worker_of(some_partition()))
                                           : named(member, scoped(on_.random.one_of(processes)));
  stall(whom, on_.within(1, 300));
}

void chaos::stop_some() {
  stop(some_member());
}

void chaos::stop(std::size_t member) {
  if (stopped_[member] || on_.calm)
    return;
  stopped_[member] = true;
  on_.log.line("m{}   is stopped", member);
  post(root_, terminate_child{.id = member_name(member)});
  on_.clock.after(on_.within(100, 3'000), [this, member] { start_again(member); });
}

void chaos::start_again(std::size_t member) {
  if (on_.calm)
    return;
  stopped_[member] = false;
  asked_to_abort_.erase(member);
  on_.log.line("m{}   is started again", member);
  post(root_, restart_child{member_name(member)});
  if (on_.mishap(on_.how.brief_visits))
    on_.clock.after(on_.within(0, 300), [this, member] { stop(member); });
}

void chaos::abort_some() {
  const auto member = some_member();
  const auto coordinator = named(member, scoped(std::string{coordinator_name}));
  if (!coordinator || stopped_[member] || aborts_.contains(member) || stage_.tree->stop.has_begun())
    return;
  on_.log.line("m{}   is asked to abort", member);
  aborts_[member] = ottla::test::ask_later<group_aborted>(stage_, coordinator, abort_group{});
  to_restart_.insert(member);
  asked_to_abort_.insert(member);
  on_.clock.after(on_.within(500, 5'000), [this, member] { stop(member); });
}

std::vector<std::size_t> chaos::aborted() const {
  std::vector<std::size_t> all;
  for (const auto& [member, request] : aborts_)
    if (request->answer)
      all.push_back(member);
  return all;
}

void chaos::heard(const process_event& event) {
  for (std::size_t member = 0; member < on_.how.members; ++member)
    if (event.path == "app/" + member_name(member))
      aborts_.erase(member);
}

caf::actor chaos::silence(std::size_t member) {
  const std::vector<std::string> with_hooks{"producer", scoped("coordinator"),
                                            scoped("acknowledger"), scoped("group_manager")};
  const auto name = on_.random.one_of(with_hooks);
  const auto whom = named(member, name);
  if (!whom)
    return whom;
  on_.log.line("m{}   {} hangs", member, name);
  stalled_.emplace(whom.id(), whom);
  stage_.time.hang(whom);
  return whom;
}

void chaos::end_silences() {
  for (const auto& [id, process] : std::exchange(stalled_, {})) {
    on_.log.line("     actor {} resumes", id);
    stage_.time.wake(process);
  }
}

void chaos::produce_some() {
  const auto member = some_member();
  const auto producer = named(member, "producer");
  if (!producer)
    return;
  produce what{.topic = "out"};
  asked_produce asked{.member = member};
  asked.values = some_values();
  for (const auto& value : asked.values)
    what.records.push_back({.value = value});
  asked.caller = ottla::test::ask_later<produced>(stage_, producer, std::move(what));
  on_.produces.push_back(std::move(asked));
}

std::vector<std::string> chaos::some_values() {
  std::vector<std::string> values;
  for (auto left = on_.random.below(12); left > 0; --left)
    values.push_back("r" + std::to_string(++last_record_));
  return values;
}

void chaos::call_some() {
  const auto member = some_member();
  callers_.call(producers_[member], member, some_values());
}

void chaos::outage() {
  on_.log.line("     all brokers become unreachable");
  of_.set_outage(true);
  on_.clock.after(on_.within(20, 2'000), [this] {
    on_.log.line("     the brokers are reachable again");
    of_.set_outage(false);
  });
}

void chaos::cut_off_some() {
  const auto member = some_member();
  on_.log.line("m{}   is cut off from the brokers", member);
  of_.cut_off(member, true);
  on_.clock.after(on_.within(50, 3'000), [this, member] {
    on_.log.line("m{}   reaches the brokers again", member);
    of_.cut_off(member, false);
  });
}

} // namespace ottla::kafka::simulation
