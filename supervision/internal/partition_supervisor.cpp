#include <ottla/actors/call.hpp>
#include <ottla/supervision/internal/partition_supervisor.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace ottla {

namespace {

std::string id_of(std::size_t partition) {
  return fmt::format("{}", partition);
}

child_spec copy_of(const partition_supervisor_spec& spec, std::size_t partition) {
  auto child = spec.child(partition);
  child.id = id_of(partition);
  child.name = spec.name + '/' + child.id;
  return child;
}

supervisor_spec plain(const partition_supervisor_spec& spec) {
  supervisor_spec result{
    .id = spec.id, .strategy = spec.strategy, .restarts = spec.restarts, .name = spec.name};
  if (spec.child)
    for (std::size_t partition = 0; partition < spec.partitions; ++partition)
      result.children.push_back(copy_of(spec, partition));
  return result;
}

} // namespace

partition_supervisor::partition_supervisor(caf::actor_config& config, process_context context,
                                           partition_supervisor_spec spec,
                                           std::shared_ptr<partition_directory> copies)
  : supervisor{config, std::move(context), plain(spec)},
    spec_{std::move(spec)},
    copies_{std::move(copies)},
    running_{spec_.partitions} {}

caf::message_handler partition_supervisor::further_handlers() {
  if (const auto wrong = validate(spec_); !wrong.empty())
    throw std::invalid_argument{fmt::format("{}", fmt::join(wrong, "; "))};
  copies_->spread_over(running_);
  const auto owner
    = context().names ? context().names->mount_for(self(), spec_.name, copies_) : caf::actor{};
  if (!owner)
    throw std::invalid_argument{
      fmt::format("partition supervisor \"{}\": there is no directory for its name", spec_.id)};
  if (owner != self())
    throw std::runtime_error{
      fmt::format("name \"{}\" is taken by {}", spec_.name, describe(owner))};
  return {[this](const resize_partitions& request) { return resize(request.partitions); }};
}

void partition_supervisor::terminated() {
  for (auto& request : requests_)
    if (request.promise.pending())
      request.promise.deliver(
        child_result{supervision_errc::shutting_down, "the supervisor has ended", {}});
  requests_.clear();
  supervisor::terminated();
}

caf::result<child_result> partition_supervisor::resize(std::size_t partitions) {
  if (partitions == 0)
    return child_result{supervision_errc::bad_spec, "partitions must be above 0, got 0", {}};
  auto promise = make_response_promise();
  requests_.push_back({partitions, promise});
  if (requests_.size() == 1)
    step();
  return promise;
}

void partition_supervisor::step() {
  const auto wanted = requests_.front().partitions;
  if (running_ < wanted) {
    grow();
  } else {
    copies_->spread_over(wanted);
    shrink({});
  }
}

void partition_supervisor::grow() {
  call<child_result>(this, self(), infinity, start_child{copy_of(spec_, running_)},
                     [this](const call_result<child_result>& started) {
                       if (requests_.empty())
                         return;
                       if (started && *started) {
                         ++running_;
                         step();
                         return;
                       }
                       auto why = started ? *started
                                          : child_result{supervision_errc::shutting_down,
                                                         to_string(started.error()),
                                                         {}};
                       requests_.front().partitions = copies_->partitions();
                       shrink(std::move(why));
                     });
}

void partition_supervisor::shrink(child_result outcome) {
  if (running_ == requests_.front().partitions) {
    done(std::move(outcome));
    return;
  }
  const auto id = id_of(--running_);
  call<child_result>(this, self(), infinity, terminate_child{.id = id},
                     [this, id, outcome = std::move(outcome)](const call_result<child_result>&) {
                       if (requests_.empty())
                         return;
                       call<child_result>(
                         this, self(), infinity, delete_child{id},
                         [this, outcome](const call_result<child_result>& deleted) {
                           if (requests_.empty())
                             return;
                           // A restart of the group has started this copy again before the delete.
                           if (deleted
                               && (deleted->error == supervision_errc::running
                                   || deleted->error == supervision_errc::restarting))
                             ++running_;
                           shrink(outcome);
                         });
                     });
}

void partition_supervisor::done(child_result outcome) {
  auto promise = std::move(requests_.front().promise);
  requests_.pop_front();
  if (promise.pending())
    promise.deliver(std::move(outcome));
  if (!requests_.empty())
    step();
}

} // namespace ottla
