#include "chaos.hpp"

#include <ottla/actors/call.hpp>
#include <ottla/supervision/supervisor_requests.hpp>

#include <chrono>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

namespace {

void collect(const ottla::tree_node& node, std::vector<caf::actor>& into) {
  if (ottla::is_alive(node.process))
    into.push_back(node.process);
  for (const auto& child : node.children)
    collect(child, into);
}

} // namespace

chaos::chaos(caf::actor_config& config, ottla::process_context context, std::shared_ptr<job> work)
  : process{config, std::move(context)}, job_{std::move(work)} {}

caf::behavior chaos::set_up() {
  random_.seed(*job_->how.seed);
  ottla::cast(this, self(), next_victim{});
  return {
    [this](next_victim) { pick_victim(); },
  };
}

void chaos::pick_victim() {
  const auto done = job_->kills.load();
  if (done >= job_->how.kills)
    return;
  // A kill is due when all lines up to its kill point are sent, so that lines are likely in flight.
  // All lines up to the last kill point must be counted, which shows that the tree has recovered
  // from that kill.
  const bool due
    = job_->sent >= job_->kill_point(done + 1) && job_->store->consumed() >= job_->kill_point(done);
  const auto root = whereis("word_count");
  if (!due || !root) {
    ottla::cast_after(this, 5ms, next_victim{});
    return;
  }
  const auto kill_one = [this](const ottla::call_result<ottla::tree_node>& tree) {
    if (!tree) {
      ottla::cast_after(this, 5ms, next_victim{});
      return;
    }
    kill_one_of(*tree);
    ottla::cast(this, self(), next_victim{});
  };
  ottla::call<ottla::tree_node>(this, root, 2s, ottla::describe_tree{}, kill_one);
}

void chaos::kill_one_of(const ottla::tree_node& root) {
  std::vector<caf::actor> victims;
  for (const auto& child : root.children)
    if (child.id == "words")
      collect(child, victims);
  if (victims.empty())
    return;
  ottla::kill(victims[std::uniform_int_distribution<std::size_t>{0, victims.size() - 1}(random_)]);
  ++job_->kills;
}
