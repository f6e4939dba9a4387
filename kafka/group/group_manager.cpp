#include <ottla/kafka/group/group_manager.hpp>
#include <ottla/kafka/group/worker.hpp>
#include <ottla/kafka/names.hpp>
#include <ottla/supervision/messages.hpp>

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;

constexpr auto attach_pause = 10ms;
constexpr auto answer_within = 5s;

} // namespace

group_manager::group_manager(caf::actor_config& config, process_context context,
                             group_context_ptr group)
  : process{config, std::move(context)}, group_{std::move(group)} {}

caf::behavior group_manager::set_up() {
  on_down(this, [this](const caf::down_msg& down) { worker_down(down); });
  attach_to_coordinator();
  return {
    [this](attach_again) { attach_to_coordinator(); },
    [this](const partitions_assigned& assigned) {
      if (knows_all())
        for (const auto& record : assigned.records)
          add(record);
    },
    [this](const partitions_revoked& revoked) {
      if (knows_all())
        begin_drain(revoked);
    },
    [this](const partitions_lost& lost) {
      if (knows_all())
        forget(lost);
    },
    [this](const start_worker& again) { start(again.where); },
  };
}

void group_manager::shutdown(const exit_reason& why) {
  if (stop_reason_)
    return;
  stop_reason_ = why;
  std::vector<topic_partition> all;
  for (const auto& [where, slot] : slots_)
    all.push_back(where);
  for (const auto& where : all)
    drain_worker(where);
  flush_when_drained();
}

void group_manager::terminated() {
  slots_.clear();
  draining_.clear();
}

void group_manager::attach_to_coordinator() {
  const auto coordinator = whereis(coordinator_name);
  const auto workers = whereis(worker_supervisor_name);
  const auto again = [this](const caf::error&) { cast_after(this, attach_pause, attach_again{}); };
  if (!coordinator || !workers) {
    again({});
    return;
  }
  call(
    this, coordinator, answer_within, attach_request{self()},
    [this, workers](const attached& state) { take_over(state, workers); }, again);
}

bool group_manager::knows_all() {
  if (!attached_)
    outdated_ = true;
  return attached_;
}

void group_manager::take_over(const attached& state, const caf::actor& workers) {
  // Workers that survived the manager before this one are kept.
  call(
    this, workers, answer_within, which_children{},
    [this, state](const child_list& running) {
      if (stop_reason_)
        return;
      if (std::exchange(outdated_, false)) {
        attach_to_coordinator();
        return;
      }
      attached_ = true;
      for (const auto& record : state.records) {
        const auto name = worker_name(record->where());
        auto& slot = slots_
                       .try_emplace(record->where(), record, caf::actor{},
                                    backoff{group_->settings.worker_restarts})
                       .first->second;
        for (const auto& child : running.children)
          if (child.id == name && child.status == child_status::up && !slot.worker)
            watch(slot, child.process);
      }
      // The rest belongs to partitions that were given up while nobody looked after them.
      for (const auto& child : running.children) {
        if (child.status != child_status::up)
          continue;
        const auto kept = std::any_of(slots_.begin(), slots_.end(), [&](const auto& one) {
          return one.second.worker == child.process;
        });
        if (!kept)
          cast(this, child.process, drain{});
      }
      if (state.pending)
        begin_drain(*state.pending);
      for (const auto& record : state.records)
        start(record->where());
    },
    [this](const caf::error&) { cast_after(this, attach_pause, attach_again{}); });
}

void group_manager::add(const record_ptr& record) {
  if (stop_reason_)
    return;
  auto [found, is_new] = slots_.try_emplace(record->where(), record, caf::actor{},
                                            backoff{group_->settings.worker_restarts});
  // A worker of the record before, if any, ends by itself: its lease is over. Its DOWN starts ours.
  found->second.record = record;
  if (!found->second.worker)
    start(record->where());
}

void group_manager::start(const topic_partition& where) {
  const auto found = slots_.find(where);
  if (found == slots_.end() || found->second.worker || found->second.starting || stop_reason_)
    return;
  const auto workers = whereis(worker_supervisor_name);
  if (!workers) {
    cast_after(this, attach_pause, start_worker{where});
    return;
  }
  found->second.starting = true;
  child_spec spec{.id = worker_name(where),
                  .start = ottla::start<worker>(group_, found->second.record),
                  .restart = restart_policy::temporary,
                  // A drain has its own deadline; what is left after it hangs.
                  .shutdown = std::chrono::seconds{1},
                  .name = worker_name(where),
                  .running = group_->settings.running};
  call(
    this, workers, answer_within, start_child{std::move(spec)},
    [this, where, workers](const child_result& child) {
      if (child && child.process)
        started(where, child.process);
      else
        adopt(where, workers);
    },
    [this, where, workers](const caf::error&) { adopt(where, workers); });
}

void group_manager::adopt(const topic_partition& where, const caf::actor& workers) {
  // It may be there already: started for the manager before this one.
  call(
    this, workers, answer_within, which_children{},
    [this, where](const child_list& running) {
      const auto found = std::ranges::find_if(running.children, [&](const auto& child) {
        return child.id == worker_name(where) && child.status == child_status::up;
      });
      if (found == running.children.end())
        failed(where);
      else
        started(where, found->process);
    },
    [this, where](const caf::error&) { failed(where); });
}

void group_manager::started(const topic_partition& where, const caf::actor& worker) {
  if (starts_to_drain_.erase(where) != 0) {
    draining_.emplace(worker.id(), draining_worker{where, worker});
    start_watching(this, worker);
    cast(this, worker, drain{});
    return;
  }
  const auto found = slots_.find(where);
  if (found == slots_.end()) {
    cast(this, worker, drain{});
    return;
  }
  found->second.starting = false;
  watch(found->second, worker);
}

void group_manager::failed(const topic_partition& where) {
  if (starts_to_drain_.erase(where) != 0) {
    flush_when_drained();
    return;
  }
  const auto found = slots_.find(where);
  if (found == slots_.end())
    return;
  found->second.starting = false;
  const auto pause = found->second.restarts.failed(time());
  if (pause == 0ns)
    start(where);
  else
    cast_after(this, pause, start_worker{where});
}

void group_manager::watch(slot& of, const caf::actor& worker) {
  of.worker = worker;
  of.restarts.started(time());
  start_watching(this, worker);
}

void group_manager::worker_down(const caf::down_msg& down) {
  if (draining_.erase(down.source.id()) != 0) {
    flush_when_drained();
    return;
  }
  for (auto& [where, slot] : slots_) {
    if (slot.worker.address() != down.source)
      continue;
    slot.worker = {};
    failed(where);
    return;
  }
}

void group_manager::begin_drain(const partitions_revoked& revoked) {
  drain_round_ = revoked.number;
  for (const auto& where : revoked.partitions)
    drain_worker(where);
  flush_when_drained();
}

void group_manager::forget(const partitions_lost& lost) {
  for (const auto& where : lost.partitions) {
    if (const auto gone = slots_.extract(where))
      end_worker(gone.mapped().worker);
    std::erase_if(draining_, [&](const auto& one) {
      if (one.second.where == where)
        end_worker(one.second.worker);
      return one.second.where == where;
    });
    starts_to_drain_.erase(where);
  }
  if (const auto acknowledger = whereis(acknowledger_name))
    cast(this, acknowledger, lost);
  flush_when_drained();
}

void group_manager::end_worker(const caf::actor& worker) {
  // It ends by itself, unless it hangs; then its supervisor takes its name away in the end.
  if (const auto workers = whereis(worker_supervisor_name); workers && worker)
    post(workers, terminate_child{.process = worker});
}

void group_manager::drain_worker(const topic_partition& where) {
  const auto gone = slots_.extract(where);
  if (!gone)
    return;
  drained_.push_back(where);
  const auto& slot = gone.mapped();
  if (slot.starting) {
    starts_to_drain_.insert(where);
  } else if (slot.worker) {
    draining_.emplace(slot.worker.id(), draining_worker{where, slot.worker});
    cast(this, slot.worker, drain{});
  }
}

void group_manager::flush_when_drained() {
  const bool wanted = drain_round_ || stop_reason_;
  if (!wanted || flushing_ || !draining_.empty() || !starts_to_drain_.empty())
    return;
  const auto acknowledger = whereis(acknowledger_name);
  if (!acknowledger) {
    drain_done();
    return;
  }
  // The workers' last acknowledgements are ahead of this in the acknowledger's mailbox.
  flushing_ = true;
  call(
    this, acknowledger, answer_within, flush_acks{std::exchange(drained_, {})},
    [this](acks_flushed) { drain_done(); }, [this](const caf::error&) { drain_done(); });
}

void group_manager::drain_done() {
  flushing_ = false;
  if (const auto round = std::exchange(drain_round_, std::nullopt))
    if (auto coordinator = whereis(coordinator_name))
      cast(this, coordinator, drained{*round});
  if (stop_reason_)
    stop(*stop_reason_);
}

} // namespace ottla::kafka
