#include "conditions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <type_traits>

namespace ottla::kafka::simulation {

namespace {

using std::chrono::milliseconds;

/// Between `least` and `most` in half of all lives, otherwise 0.
int some(random_source& random, int least, int most) {
  return random.chance(500) ? 0 : static_cast<int>(random.between(least, most));
}

/// Between `least` and `most` in a quarter of all lives, otherwise 0.
int seldom(random_source& random, int least, int most) {
  return random.chance(500) ? 0 : some(random, least, most);
}

void draw_broker(conditions& how, random_source& random) {
  how.latency_ms = static_cast<int>(random.between(0, random.chance(200) ? 60 : 5));
  how.append_rate = static_cast<int>(random.between(10, 80));
  how.outage_rate = seldom(random, 800, 4'000);
  how.cut_off_rate = seldom(random, 600, 3'000);
  how.retention_rate = seldom(random, 400, 2'000);
  how.compaction_rate = seldom(random, 200, 1'000);
  how.truncation_rate = seldom(random, 1'000, 4'000);
  how.growth_rate = seldom(random, 1'000, 4'000);
  how.gaps = some(random, 50, 400);
  how.markers = some(random, 50, 600);
  how.transaction_rate = some(random, 100, 1'000);
  how.foreign_commits = random.chance(150);
  how.begins_latest = random.chance(250);
  how.small_fetches = some(random, 100, 800);
  how.lost_wakes = seldom(random, 10, 300);
  how.late_wakes = some(random, 50, 500);
  how.spurious_wakes = some(random, 20, 300);
  how.failed_fetches = seldom(random, 1, 15);
  how.failed_commits = some(random, 20, 300);
  how.lost_commit_answers = some(random, 20, 300);
  how.slow_commits = some(random, 20, 300);
  how.refused_commits = some(random, 200, 1'000);
  how.failed_resolves = some(random, 50, 400);
  how.refused_opens = seldom(random, 20, 200);
  how.client_error_rate = seldom(random, 800, 4'000);
  how.doomed_handles = seldom(random, 300, 1'000);
  how.fence_rate = seldom(random, 800, 4'000);
  how.move_rate = seldom(random, 1'500, 6'000);
  how.slow_closes = some(random, 50, 500);
  how.hanging_closes = seldom(random, 50, 500);
  how.silent_departures = some(random, 100, 900);
  how.withdrawn_offers = seldom(random, 100, 900);
  how.scattered_assignments = some(random, 100, 1'000);
  how.idle_refusals = some(random, 200, 1'000);
}

void draw_handlers(conditions& how, random_source& random) {
  how.handler_processes = random.chance(250);
  how.acks_until = some(random, 20, 300);
  how.carry_ons = some(random, 20, 300);
  how.no_acks = seldom(random, 5, 60);
  how.laters = some(random, 50, 600);
  how.forgotten = seldom(random, 5, 100);
  how.throws = some(random, 5, 80);
  how.failed_starts = seldom(random, 20, 300);
  how.refused_assignments = seldom(random, 20, 300);
  how.slow_answers = some(random, 50, 700);
  if (random.chance(300))
    how.slowest_answer = milliseconds{random.between(400, 4'000)};
  how.slow_handlers = some(random, 20, 500);
  // Some slow handlers last longer than a drain or a session may last.
  if (how.slow_handlers != 0)
    how.slowest_handler = milliseconds{random.between(10, random.chance(300) ? 4'000 : 600)};
  how.lost_answers = seldom(random, 1, 20);
  // With the default, the tree waits for a lost answer longer than a life lasts.
  if (how.lost_answers != 0)
    how.handle_within = std::min(how.handle_within, milliseconds{random.between(100, 1'000)});
  how.hanging_ends = seldom(random, 30, 400);
  if (how.hanging_ends != 0)
    how.handle_within = std::min(how.handle_within, milliseconds{random.between(100, 1'000)});
}

void draw_tree(conditions& how, random_source& random) {
  how.shared_workers = random.chance(300);
  how.message_handlers = !how.handler_processes && random.chance(400);
  how.few_restarts = random.chance(150);
  how.kill_rate = some(random, 150, 1'500);
  how.worker_kill_rate = some(random, 50, 800);
  how.stall_rate = some(random, 100, 1'000);
  how.hang_rate = seldom(random, 400, 2'000);
  how.stop_rate = some(random, 500, 2'500);
  how.brief_visits = some(random, 200, 1'000);
  how.abort_rate = seldom(random, 1'500, 6'000);
  how.silence = random.chance(100);
  how.produce_rate = seldom(random, 50, 500);
  how.odd_order = random.chance(700);
  how.lost_reports = seldom(random, 10, 100);
  how.small_buffer = random.chance(300);
  how.sudden_stop = random.chance(300);
  how.stop_within = milliseconds{random.between(300, 6'000)};
}

/// Replaces the group by consumers without a group, and drops the faults that need a group.
void leave_group(conditions& how, random_source& random) {
  how.without_group = true;
  how.stores_offsets = random.chance(500);
  how.begins_by_function = !how.begins_latest && random.chance(500);
  how.cooperative = how.shared_workers = how.foreign_commits = false;
  how.rebalance_delay = milliseconds{0};
  how.refused_assignments = how.fence_rate = how.move_rate = 0;
}

} // namespace

conditions draw_conditions(random_source& random) {
  conditions how;
  // The calls have a random source of their own. So the other choices of a life do not depend on
  // them.
  auto copy = random;
  random_source calls{copy.next()};
  how.call_rate = seldom(calls, 30, 400);
  how.members = static_cast<std::size_t>(random.between(1, 3));
  how.topics = static_cast<std::size_t>(random.between(1, 2));
  how.partitions = static_cast<std::int32_t>(random.between(1, 4));
  how.cooperative = random.chance(500);
  how.batch_size = static_cast<std::size_t>(random.between(1, 10));
  how.max_unacknowledged = how.batch_size * static_cast<std::size_t>(random.between(1, 6));
  how.commit_interval = milliseconds{random.between(20, 400)};
  how.drain_within = milliseconds{random.between(100, 1'200)};
  if (random.chance(300))
    how.handle_within = milliseconds{random.between(100, 1'000)};
  if (random.chance(250))
    how.rebalance_delay = milliseconds{random.between(1, 200)};
  how.session_timeout = milliseconds{random.between(600, 1'500)};
  how.max_poll_interval = how.session_timeout + milliseconds{random.between(700, 2'000)};
  how.chaos = milliseconds{random.between(2'000, 12'000)};
  draw_broker(how, random);
  draw_handlers(how, random);
  draw_tree(how, random);
  if (random.chance(250))
    leave_group(how, random);
  return how;
}

bool is_prompt(const conditions& how) {
  return how.kill_rate == 0 && how.worker_kill_rate == 0 && how.stall_rate == 0
         && how.hang_rate == 0 && how.stop_rate == 0 && how.refused_assignments == 0
         && how.abort_rate == 0 && how.client_error_rate == 0
         && how.handle_within == conditions{}.handle_within;
}

bool may_hang(const conditions& how) {
  return how.hang_rate != 0 || how.slow_handlers != 0 || how.hanging_ends != 0 || how.silence;
}

std::string to_string(const conditions& how) {
  std::string text;
  const auto add = [&](const char* name, auto value) {
    if constexpr (std::is_same_v<decltype(value), milliseconds>)
      text += fmt::format(" {}={}ms", name, value.count());
    else if (value != decltype(value){})
      text += fmt::format(" {}={}", name, value);
  };
  add("members", how.members);
  add("topics", how.topics);
  add("partitions", how.partitions);
  add("cooperative", how.cooperative);
  add("without_group", how.without_group);
  add("stores_offsets", how.stores_offsets);
  add("begins_by_function", how.begins_by_function);
  add("handler_processes", how.handler_processes);
  add("message_handlers", how.message_handlers);
  add("few_restarts", how.few_restarts);
  add("shared_workers", how.shared_workers);
  add("batch_size", how.batch_size);
  add("max_unacknowledged", how.max_unacknowledged);
  add("commit_interval", how.commit_interval);
  add("drain_within", how.drain_within);
  add("handle_within", how.handle_within);
  add("rebalance_delay", how.rebalance_delay);
  add("session_timeout", how.session_timeout);
  add("max_poll_interval", how.max_poll_interval);
  add("chaos", how.chaos);
  add("latency_ms", how.latency_ms);
  add("append_rate", how.append_rate);
  add("outage_rate", how.outage_rate);
  add("cut_off_rate", how.cut_off_rate);
  add("retention_rate", how.retention_rate);
  add("compaction_rate", how.compaction_rate);
  add("truncation_rate", how.truncation_rate);
  add("growth_rate", how.growth_rate);
  add("gaps", how.gaps);
  add("markers", how.markers);
  add("transaction_rate", how.transaction_rate);
  add("foreign_commits", how.foreign_commits);
  add("begins_latest", how.begins_latest);
  add("small_fetches", how.small_fetches);
  add("lost_wakes", how.lost_wakes);
  add("late_wakes", how.late_wakes);
  add("spurious_wakes", how.spurious_wakes);
  add("failed_fetches", how.failed_fetches);
  add("failed_commits", how.failed_commits);
  add("lost_commit_answers", how.lost_commit_answers);
  add("slow_commits", how.slow_commits);
  add("refused_commits", how.refused_commits);
  add("failed_resolves", how.failed_resolves);
  add("refused_opens", how.refused_opens);
  add("client_error_rate", how.client_error_rate);
  add("doomed_handles", how.doomed_handles);
  add("fence_rate", how.fence_rate);
  add("move_rate", how.move_rate);
  add("slow_closes", how.slow_closes);
  add("hanging_closes", how.hanging_closes);
  add("silent_departures", how.silent_departures);
  add("withdrawn_offers", how.withdrawn_offers);
  add("scattered_assignments", how.scattered_assignments);
  add("idle_refusals", how.idle_refusals);
  add("acks_until", how.acks_until);
  add("carry_ons", how.carry_ons);
  add("no_acks", how.no_acks);
  add("laters", how.laters);
  add("forgotten", how.forgotten);
  add("throws", how.throws);
  add("failed_starts", how.failed_starts);
  add("refused_assignments", how.refused_assignments);
  add("slow_answers", how.slow_answers);
  add("slowest_answer", how.slowest_answer);
  add("slow_handlers", how.slow_handlers);
  add("slowest_handler", how.slowest_handler);
  add("lost_answers", how.lost_answers);
  add("hanging_ends", how.hanging_ends);
  add("kill_rate", how.kill_rate);
  add("worker_kill_rate", how.worker_kill_rate);
  add("stall_rate", how.stall_rate);
  add("hang_rate", how.hang_rate);
  add("stop_rate", how.stop_rate);
  add("brief_visits", how.brief_visits);
  add("abort_rate", how.abort_rate);
  add("silence", how.silence);
  add("produce_rate", how.produce_rate);
  add("call_rate", how.call_rate);
  add("odd_order", how.odd_order);
  add("lost_reports", how.lost_reports);
  add("small_buffer", how.small_buffer);
  add("sudden_stop", how.sudden_stop);
  add("stop_within", how.stop_within);
  return text;
}

} // namespace ottla::kafka::simulation
