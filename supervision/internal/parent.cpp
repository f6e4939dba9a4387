#include <ottla/actors/internal/duration_text.hpp>
#include <ottla/supervision/internal/gather_tree.hpp>
#include <ottla/supervision/internal/parent.hpp>
#include <ottla/supervision/internal/tree_context.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <exception>

namespace ottla {

namespace {

child_run::farewell& farewell_of(child_row& child) {
  if (!child.run.leaving)
    child.run.leaving = std::make_unique<child_run::farewell>();
  return *child.run.leaving;
}

child_result name_taken(const std::string& name, caf::actor holder) {
  return {supervision_errc::already_started,
          fmt::format("already started: the name \"{}\" is taken by {}", name, describe(holder)),
          std::move(holder)};
}

} // namespace

parent::parent(caf::actor_config& config, process_context how)
  : process{config, std::move(how)},
    path_{context().label ? std::make_shared<const std::string>(context().label->path()) : nullptr},
    children_{context().children ? children_of(context()) : std::make_shared<child_processes>()} {
  // As in OTP, a supervisor survives the exits of all processes except its own supervisor.
  trap_exits();
}

caf::message_handler parent::watch_children(caf::message_handler requests) {
  on_down(this, [this](const caf::down_msg& message) { down(message.source, message.reason); });
  caf::message_handler first{[this](const process_started& answer) { start_answered(answer); }};
  return first.or_else(std::move(requests))
    .or_else(caf::message_handler{
      [this](const detail::start_refused& refusal) { start_refused(refusal); },
      [this](process_healthy) { heard_healthy(); },
      [this](const detail::recheck_down& dead) { down(dead.whom, dead.why); },
      [this](const detail::wake_up& timer) { check_deadlines(timer.at); },
      [this](const describe_tree& request) {
        const auto path = path_ ? *path_ : std::string{};
        return detail::gather_tree(this,
                                   {.id = path.substr(path.rfind('/') + 1),
                                    .path = path,
                                    .type = child_type::supervisor,
                                    .status = child_status::up,
                                    .process = self(),
                                    .children = rows()},
                                   request.within);
      },
      [this](const subscribe& request) { feed_.add(request.who); },
      [this](const unsubscribe& request) { feed_.remove(request.who); },
    });
}

std::shared_ptr<const process_label> parent::label_of(const child_spec& spec) const {
  return std::make_shared<const process_label>(process_label{spec.id, spec.name, path_});
}

child_row& parent::launch_child(std::shared_ptr<child_row> child, caf::response_promise starter) {
  auto& run = child->run = {};
  if (!child->label)
    child->label = label_of(*child->spec);
  if (starter.pending())
    run.make_calls().starter = std::move(starter);
  const auto& spec = *child->spec;
  if (spec.type == child_type::supervisor)
    run.children = std::make_shared<child_processes>();
  std::string refusal = "the start function returned no process";
  try {
    run.process = spec.start({.system = system(),
                              .process = {.label = child->label,
                                          .names = context().names,
                                          .starter = self(),
                                          .children = run.children,
                                          .tree = context().tree,
                                          .reports_health = spec.healthy == healthy_when::reported,
                                          .shutdown = spec.shutdown.patience(spec.type)},
                              .run_as = spec.run_as,
                              .by = this});
  } catch (...) {
    refusal = text_of(std::current_exception());
  }
  if (!run.process) {
    run.key = ++last_refused_;
    cast(this, self(), detail::start_refused{run.key, std::move(refusal)});
    return children_->add(std::move(child));
  }
  run.key = run.process.id();
  start_watching(this, run.process);
  // Add the child before this handler returns, so that a later kill of this process also kills the
  // child.
  auto& member = children_->add(std::move(child));
  if (spec.start_timeout != child_run::never)
    set_deadline(member, spec.start_timeout);
  return member;
}

child_row& parent::adopt(std::shared_ptr<child_row> child, caf::actor process) {
  child->run = {};
  child->run.key = process.id();
  child->run.process = std::move(process);
  child->run.is_up = true;
  if (!child->label)
    child->label = label_of(*child->spec);
  start_watching(this, child->run.process);
  auto& member = children_->add(std::move(child));
  // An actor that is not an ottla::process has no handler for report_health. Such an actor sends
  // process_healthy without a request.
  if (member.spec->healthy == healthy_when::reported && is_process(member.run.process))
    cast(this, member.run.process, detail::report_health{self()});
  report(process_event::kind::adopted, *member.label);
  return member;
}

void parent::end(child_row& child) {
  // An orphan has already been killed. Its end is not reported. The end of its dead supervisor is
  // reported when no orphan is left.
  if (child.run.is_ending || child.run.is_orphan())
    return;
  children_->mark_ending(child);
  if (child.run.is_dead() || !child.run.process || child.run.is_killed)
    return;
  const auto patience = patience_with(child);
  if (patience == std::chrono::nanoseconds::zero()) {
    child.run.is_killed = true;
    kill(this, child.run.process);
    set_deadline(child, kill_grace());
    return;
  }
  request_exit(this, child.run.process, to_error(exit_reason::shutdown()));
  drop_deadline(child);
  if (patience != child_run::never)
    set_deadline(child, patience);
}

child_row* parent::find_living(const caf::actor& process) {
  auto* found = process ? children_->find(process.id()) : nullptr;
  return found == nullptr || found->run.is_orphan() || found->run.is_dead() ? nullptr : found;
}

void parent::terminated() {
  // Children are killed even after a kill of this process, so that none runs without a supervisor.
  for (const auto which : children_->keys())
    kill(this, children_->find(which)->run.process);
  // The supervisor above shares the old table and still sees the living children. A dead process
  // must keep no children alive.
  children_ = std::make_shared<child_processes>();
}

void parent::start_answered(const process_started& answer) {
  const auto from = caf::actor_cast<caf::actor>(current_sender());
  auto* child = from ? children_->find(from.id()) : nullptr;
  // The child has ended, and its DOWN came before this answer.
  if (child == nullptr || child->run.is_up || child->run.is_dead())
    return;
  if (answer.result != process_started::outcome::ok) {
    farewell_of(*child).answer = answer; // its DOWN follows
    return;
  }
  child->run.is_up = true;
  if (!child->run.is_ending)
    drop_deadline(*child);
  report(process_event::kind::started, *child->label);
  launched(*child);
}

void parent::heard_healthy() {
  const auto from = caf::actor_cast<caf::actor>(current_sender());
  auto* child = find_living(from);
  // A report from an earlier run of the child is ignored.
  if (child == nullptr || !child->run.is_up || child->run.is_healthy
      || child->spec->healthy != healthy_when::reported)
    return;
  child->run.is_healthy = true;
  reported_healthy(*child);
  if (owes_health() && all_reported())
    report_healthy();
}

void parent::start_refused(const detail::start_refused& refusal) {
  if (auto gone = children_->remove(refusal.key))
    launch_failed(std::move(gone), {supervision_errc::start_failed, refusal.text, {}});
}

void parent::down(const caf::actor_addr& whom, const caf::error& why) {
  auto* child = children_->find(whom.id());
  if (child == nullptr || child->run.is_dead())
    return;
  // The last callback of a dead process must return before its replacement starts.
  if (down_may_precede_on_exit && !has_ended(child->run.process)) {
    cast(this, self(), detail::recheck_down{whom, why});
    return;
  }
  drop_deadline(*child);
  if (child->run.is_orphan()) {
    orphan_down(*children_->remove(child->run.key));
    return;
  }
  const auto& below = child->run.children;
  auto orphans = below ? below->survivors() : std::vector<std::shared_ptr<child_row>>{};
  if (orphans.empty()) {
    report_outcome(children_->remove(child->run.key), to_exit_reason(why));
    return;
  }
  farewell_of(*child).dead = to_exit_reason(why);
  kill_orphans(*child, std::move(orphans));
  set_deadline(*child, kill_grace());
}

void parent::orphan_down(const child_row& orphan) {
  auto& dead = *children_->find(*orphan.run.leaving->orphan_of);
  if (orphan.run.children)
    kill_orphans(dead, orphan.run.children->survivors());
  --dead.run.leaving->orphans;
  finish(dead);
}

void parent::kill_orphans(child_row& dead, std::vector<std::shared_ptr<child_row>> orphans) {
  for (auto& orphan : orphans) {
    // The orphan was already killed when its supervisor was fenced.
    if (children_->find(orphan->run.key) != nullptr)
      continue;
    ++dead.run.leaving->orphans;
    // A dead supervisor has already killed the orphan, and a second kill does no harm. A fenced
    // supervisor has not killed the orphan.
    kill(this, orphan->run.process);
    start_watching(this, orphan->run.process);
    farewell_of(*orphan).orphan_of = dead.run.key;
    // While the orphan lives, a kill of this process must also kill the orphan.
    children_->add(std::move(orphan));
  }
}

void parent::finish(child_row& dead) {
  if (dead.run.leaving->orphans != 0)
    return;
  drop_deadline(dead);
  const auto why = *dead.run.leaving->dead;
  report_outcome(children_->remove(dead.run.key), why);
}

void parent::report_outcome(std::shared_ptr<child_row> gone, const exit_reason& why) {
  auto& run = gone->run;
  if (auto* tree = tree_of(context())) {
    if (run.is_killed && why.orderly())
      tree->kills.remove(gone->label->path());
    if (run.is_ending && why.what == exit_reason::kind::crashed && tree->stop.has_begun())
      tree->unfinished.add(gone->label->path(), to_string(why));
  }
  if (run.is_up) {
    ended(std::move(gone), why);
    return;
  }
  if (!run.leaving || !run.leaving->answer) {
    auto text
      = run.is_killed && !run.is_ending
          ? "start_timeout expired after " + detail::duration_text(gone->spec->start_timeout, " ")
          : to_string(why);
    launch_failed(std::move(gone), {supervision_errc::start_failed, std::move(text), {}});
    return;
  }
  auto answer = std::move(*run.leaving->answer);
  switch (answer.result) {
    case process_started::outcome::ok: break;
    case process_started::outcome::ignored: launch_ignored(std::move(gone)); break;
    case process_started::outcome::already_started:
      launch_failed(std::move(gone), name_taken(answer.text, std::move(answer.holder)));
      break;
    case process_started::outcome::failed:
      launch_failed(std::move(gone), {supervision_errc::start_failed, std::move(answer.text), {}});
      break;
  }
}

void parent::fence(child_row& child) {
  report(process_event::kind::fenced, *child.label);
  if (auto* tree = tree_of(context()))
    tree->kills.add(child.label->path());
  if (!child.run.is_dead()) {
    leave_behind(child);
    farewell_of(child).dead = exit_reason::killed();
    // The hanging child's own children would otherwise stay alive.
    if (child.run.children)
      kill_orphans(child, child.run.children->survivors());
    if (child.run.leaving->orphans != 0) {
      set_deadline(child, kill_grace());
      return;
    }
  }
  for (const auto which : children_->keys()) {
    auto* one = children_->find(which);
    if (one->run.leaving && one->run.leaving->orphan_of == child.run.key) {
      drop_deadline(*one);
      leave_behind(*children_->remove(which));
    }
  }
  child.run.leaving->orphans = 0;
  finish(child);
}

void parent::leave_behind(const child_row& child) {
  stop_watching(this, child.run.process);
  if (auto* tree = tree_of(context()))
    tree->fenced.add(child.label->path(), child.run.process);
  // The process still lives, so its names would block its replacement.
  if (!context().names)
    return;
  if (!child.label->name.empty())
    context().names->release(child.label->name, child.run.process.address());
  context().names->unmount(child.run.process.address());
}

std::unique_ptr<backoff> parent::delays_of(const child_spec& spec,
                                           const process_label& label) const {
  if (!spec.restart_delay && spec.give_up_after == 0)
    return nullptr;
  // The FNV-1a hash of the path gives each child of a tree its own sequence.
  auto seed = std::uint64_t{14695981039346656037U};
  for (const unsigned char byte : label.path())
    seed = (seed ^ byte) * 1099511628211U;
  if (const auto* tree = tree_of(context()))
    seed ^= tree->seed;
  return std::make_unique<backoff>(spec.restart_delay.value_or(backoff_settings{}), seed,
                                   spec.healthy);
}

child_result parent::claim_for(const process_label& label, const caf::actor& process) const {
  if (!is_alive(process))
    return {supervision_errc::start_failed,
            fmt::format("child \"{}\": the process to adopt is dead", label.id)};
  if (!context().names || label.name.empty())
    return {};
  auto holder = context().names->claim(label.name, process);
  if (holder == process)
    return {};
  return name_taken(label.name, std::move(holder));
}

void parent::report(process_event::kind what, const process_label& whom, const exit_reason& why,
                    process_event::decision then, std::chrono::nanoseconds delay,
                    std::size_t restarts) {
  const auto* tree = tree_of(context());
  const auto* observer = tree != nullptr && tree->observer ? &tree->observer : nullptr;
  if (observer == nullptr && feed_.empty())
    return;
  const process_event event{what, whom.path(), why, then, delay, restarts};
  if (observer != nullptr)
    (*observer)(event);
  feed_.publish(this, event);
}

// Time.

std::chrono::nanoseconds parent::stop_left() {
  const auto* tree = tree_of(context());
  return tree != nullptr ? tree->stop.left(time()) : stop_deadline::none;
}

std::chrono::nanoseconds parent::kill_grace() {
  constexpr std::chrono::nanoseconds shortest = std::chrono::milliseconds{50};
  return std::clamp(stop_left() / 4, shortest, longest_kill);
}

std::chrono::nanoseconds parent::patience_with(const child_row& child) {
  const auto& how = child.spec->shutdown;
  const auto left = stop_left();
  return left == stop_deadline::none ? how.patience(child.spec->type)
                                     : how.patience(child.spec->type, left);
}

void parent::set_deadline(child_row& child, std::chrono::nanoseconds after) {
  drop_deadline(child);
  const auto now = time();
  if (after >= child_run::never - now)
    return;
  child.run.deadline = now + after;
  deadlines_.emplace(child.run.deadline, child.run.key);
  schedule();
}

void parent::drop_deadline(child_row& child) {
  if (child.run.deadline == child_run::never)
    return;
  deadlines_.erase({child.run.deadline, child.run.key});
  child.run.deadline = child_run::never;
}

void parent::wake_at(std::chrono::nanoseconds at) {
  wake_at_ = std::min(wake_at_, at);
  schedule();
}

void parent::schedule() {
  // One timer serves all deadlines: when it fires, it is set to the next deadline.
  const auto next = deadlines_.empty() ? wake_at_ : std::min(wake_at_, deadlines_.begin()->first);
  if (next >= next_check_)
    return;
  next_check_ = next;
  cast_after(this, std::max(next_check_ - time(), std::chrono::nanoseconds::zero()),
             detail::wake_up{next_check_});
}

void parent::check_deadlines(std::chrono::nanoseconds timer) {
  if (timer != next_check_)
    return;
  next_check_ = child_run::never;
  while (!deadlines_.empty() && deadlines_.begin()->first <= time()) {
    auto& child = *children_->find(deadlines_.begin()->second);
    drop_deadline(child);
    kill_overdue(child);
  }
  if (wake_at_ <= time()) {
    wake_at_ = child_run::never;
    woken();
  }
  schedule();
}

void parent::kill_overdue(child_row& child) {
  if (child.run.is_dead() || child.run.is_killed) {
    fence(child);
    return;
  }
  report(process_event::kind::killed, *child.label);
  if (auto* tree = tree_of(context()))
    tree->kills.add(child.label->path());
  child.run.is_killed = true;
  kill(this, child.run.process);
  set_deadline(child, kill_grace());
}

} // namespace ottla
