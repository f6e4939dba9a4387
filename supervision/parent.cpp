#include <ottla/supervision/parent.hpp>

#include <exception>

namespace ottla {

caf::message_handler parent::watch_children() {
  on_down(this, [this](const caf::down_msg& message) { down(message); });
  return {
    [this](const process_started& answer) { answered(answer); },
    [this](const detail::start_refused& refused) {
      const auto found = children_.find(refused.key);
      if (found == children_.end())
        return;
      children_.erase(found);
      launch_failed(refused.key, refused.text);
    },
    [this](const detail::deadline_passed& timer) { look_at_deadlines(timer.at); },
    [this](const describe_tree& request) { return describe(request.within); },
  };
}

parent::key parent::bring_up(const child_spec& spec) {
  const auto id = ++last_key_;
  auto& entry = children_[id];
  entry.id = spec.id;
  entry.name = spec.name;
  entry.type = spec.type;
  entry.patience = spec.shutdown.patience(spec.type);
  entry.its = std::make_shared<offspring>();
  std::string refused = "the start function returned no process";
  try {
    entry.process = spec.start({.system = system(),
                                .process = {.path = path_of(spec.id),
                                            .names = context().names,
                                            .name = spec.name,
                                            .starter = self(),
                                            .start = id,
                                            .children = entry.its,
                                            .observer = context().observer},
                                .running = spec.running});
  } catch (const std::exception& error) {
    refused = error.what();
  } catch (...) {
    refused = "the start function threw something that is no std::exception";
  }
  if (!entry.process) {
    cast(this, self(), detail::start_refused{id, std::move(refused)});
    return id;
  }
  // Known before control leaves this handler: a kill from now on takes the child along.
  if (context().children)
    context().children->add({entry.process, entry.its, spec.name});
  key_of_process_[entry.process.id()] = id;
  start_watching(this, entry.process);
  return id;
}

void parent::end(key which) {
  const auto found = children_.find(which);
  if (found == children_.end() || found->second.ending || !found->second.process)
    return;
  auto& entry = found->second;
  entry.ending = true;
  if (entry.dead)
    return;
  if (entry.patience == std::chrono::nanoseconds::zero()) {
    entry.killed = true;
    kill(entry.process);
    set_deadline(which, kill_grace);
    return;
  }
  request_exit(entry.process, to_error(exit_reason::shutdown()));
  if (entry.patience != std::chrono::nanoseconds::max())
    set_deadline(which, entry.patience);
}

bool parent::is_ending(key which) const {
  const auto found = children_.find(which);
  return found != children_.end() && found->second.ending;
}

caf::actor parent::process_of(key which) const {
  const auto found = children_.find(which);
  return found == children_.end() ? caf::actor{} : found->second.process;
}

std::optional<parent::key> parent::key_of(const caf::actor& process) const {
  const auto found = process ? key_of_process_.find(process.id()) : key_of_process_.end();
  return found == key_of_process_.end() ? std::nullopt : std::optional{found->second};
}

void parent::tell(process_event::kind what, const std::string& id, const exit_reason& why,
                  std::size_t restarts) const {
  if (context().observer)
    (*context().observer)({.what = what, .path = path_of(id), .reason = why, .restarts = restarts});
}

std::string parent::path_of(const std::string& id) const {
  return context().path.empty() ? id : context().path + '/' + id;
}

void parent::terminated() {
  // Also when killed: whoever is left would go on without anybody who knows.
  if (context().children)
    for (const auto& member : context().children->members())
      kill(member.process);
  children_.clear();
  orphans_.clear();
}

void parent::answered(const process_started& answer) {
  const auto found = children_.find(answer.start);
  // One that was buried already had its DOWN first.
  if (found == children_.end() || found->second.answer || found->second.dead)
    return;
  found->second.answer = answer;
  if (answer.result != process_started::outcome::ok)
    return; // its DOWN follows
  tell(process_event::kind::started, found->second.id);
  launched(answer.start);
}

void parent::down(const caf::down_msg& message) {
  if (auto orphan = orphans_.extract(message.source.id())) {
    const auto of = orphan.mapped().of;
    if (context().children)
      context().children->remove(message.source);
    bury(of, *orphan.mapped().who.its);
    --children_.at(of).orphans;
    finish(of);
    return;
  }
  const auto process = key_of_process_.extract(message.source.id());
  if (!process)
    return;
  const auto which = process.mapped();
  auto& entry = children_.at(which);
  entry.dead = to_exit_reason(message.reason);
  if (context().children)
    context().children->remove(message.source);
  drop_deadline(which);
  bury(which, *entry.its);
  if (entry.orphans != 0)
    set_deadline(which, kill_grace);
  finish(which);
}

void parent::bury(key of, offspring& whose) {
  for (auto& left : whose.take()) {
    ++children_.at(of).orphans;
    // Its own supervisor killed it on its way out; once more does no harm.
    kill(left.process);
    start_watching(this, left.process);
    // While it lives it is ours, should we be killed too.
    if (context().children)
      context().children->add(left);
    orphans_[left.process.id()] = {of, left};
  }
}

void parent::finish(key which) {
  const auto found = children_.find(which);
  if (found == children_.end() || !found->second.dead || found->second.orphans != 0)
    return;
  const auto entry = std::move(found->second);
  drop_deadline(which);
  children_.erase(which);
  const auto& why = *entry.dead;
  if (!entry.answer) {
    launch_failed(which, to_string(why));
    return;
  }
  switch (entry.answer->result) {
    case process_started::outcome::ok: ended(which, why); break;
    case process_started::outcome::ignored: launch_ignored(which); break;
    case process_started::outcome::already_started:
      launch_failed(which, "already started: the name \"" + entry.answer->text + "\" is taken");
      break;
    case process_started::outcome::failed: launch_failed(which, entry.answer->text); break;
  }
}

void parent::fence(key which) {
  auto& entry = children_.at(which);
  tell(process_event::kind::fenced, entry.id);
  if (!entry.dead) {
    key_of_process_.erase(entry.process.id());
    let_go(entry.process, entry.name);
    entry.dead = exit_reason::killed();
  }
  std::erase_if(orphans_, [&](const auto& one) {
    if (one.second.of != which)
      return false;
    let_go(one.second.who.process, one.second.who.name);
    return true;
  });
  entry.orphans = 0;
  finish(which);
}

void parent::let_go(const caf::actor& process, const std::string& name) {
  stop_watching(this, process);
  if (context().children)
    context().children->remove(process.address());
  // It lives on for now, and would be in its replacement's way.
  if (context().names && !name.empty())
    context().names->release(name, process);
}

void parent::set_deadline(key which, std::chrono::nanoseconds after) {
  drop_deadline(which);
  const auto now = time();
  const auto at
    = after > std::chrono::nanoseconds::max() - now ? std::chrono::nanoseconds::max() : now + after;
  children_.at(which).deadline = at;
  deadlines_.emplace(at, which);
  schedule_deadline();
}

void parent::drop_deadline(key which) {
  const auto found = children_.find(which);
  if (found == children_.end() || !found->second.deadline)
    return;
  deadlines_.erase({*found->second.deadline, which});
  found->second.deadline.reset();
}

void parent::look_at_deadlines(std::chrono::nanoseconds timer) {
  if (timer != next_look_)
    return;
  next_look_ = std::chrono::nanoseconds::max();
  const auto now = time();
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
    const auto which = deadlines_.begin()->second;
    auto& entry = children_.at(which);
    drop_deadline(which);
    if (entry.dead || entry.killed) {
      fence(which);
      continue;
    }
    entry.killed = true;
    kill(entry.process);
    set_deadline(which, kill_grace);
  }
  schedule_deadline();
}

void parent::schedule_deadline() {
  // One timer for all: a later deadline is looked for when the earlier one comes.
  if (deadlines_.empty() || deadlines_.begin()->first >= next_look_)
    return;
  next_look_ = deadlines_.begin()->first;
  cast_after(this, std::max(next_look_ - time(), std::chrono::nanoseconds::zero()),
             detail::deadline_passed{next_look_});
}

caf::result<tree_node> parent::describe(std::chrono::nanoseconds within) {
  struct gathering {
    tree_node result;
    std::size_t missing = 1;
    caf::response_promise promise;
    void one_less() {
      if (--missing == 0)
        promise.deliver(std::move(result));
    }
  };
  auto state = std::make_shared<gathering>();
  state->promise = make_response_promise();
  state->result = {.id = context().path.substr(context().path.rfind('/') + 1),
                   .path = context().path,
                   .type = child_type::supervisor,
                   .status = child_status::up,
                   .process = self(),
                   .children = rows()};
  for (std::size_t index = 0; index < state->result.children.size(); ++index) {
    auto& row = state->result.children[index];
    row.path = path_of(row.id);
    if (row.type != child_type::supervisor || !is_alive(row.process))
      continue;
    ++state->missing;
    // Less time for each level down, so that one silent process does not hide its supervisor.
    call(
      this, row.process, within, describe_tree{within * 3 / 4},
      [state, index](tree_node& below) {
        state->result.children[index].children = std::move(below.children);
        state->one_less();
      },
      // It died or is busy: its row stands without what is below.
      [state](const caf::error&) { state->one_less(); });
  }
  state->one_less();
  return state->promise;
}

} // namespace ottla
