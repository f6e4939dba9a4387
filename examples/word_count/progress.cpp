#include "progress.hpp"

#include <ottla/actors/call.hpp>
#include <ottla/supervision/supervisor_requests.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <unistd.h>
#include <utility>

using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t bar_width = 30;

} // namespace

progress::progress(caf::actor_config& config, ottla::process_context context,
                   std::shared_ptr<job> work)
  : process{config, std::move(context)}, job_{std::move(work)} {}

caf::behavior progress::set_up() {
  on_terminal_ = isatty(STDERR_FILENO) != 0;
  ottla::cast(this, self(), draw_progress{});
  return {
    [this](draw_progress) { draw(); },
  };
}

void progress::shutdown(const ottla::exit_reason& why) {
  draw_bar(job_->store->consumed());
  if (on_terminal_)
    fmt::print(stderr, "\n");
  stop(why);
}

void progress::draw() {
  const auto consumed = job_->store->consumed();
  if (!job_->tree_shown && consumed > 0 && job_->store->all_begun())
    print_tree();
  draw_bar(consumed);
  ottla::cast_after(this, on_terminal_ ? 100ms : 20ms, draw_progress{});
}

void progress::draw_bar(std::uint64_t consumed) {
  const auto lines = job_->size.lines;
  if (!on_terminal_) {
    const auto tenths = consumed * 10 / lines;
    if (tenths > std::exchange(tenths_, std::max(tenths, tenths_)))
      fmt::print(stderr, "{:3} %  {} of {} lines, {} kills, {} restarts\n", tenths * 10, consumed,
                 lines, job_->kills.load(), job_->restarts());
    return;
  }
  std::string bar;
  for (std::uint64_t cell = 0; cell < bar_width; ++cell)
    bar += cell < consumed * bar_width / lines ? "█" : "░";
  fmt::print(stderr, "\r{} {:3} %  {} of {} lines, {} kills, {} restarts ", bar,
             consumed * 100 / lines, consumed, lines, job_->kills.load(), job_->restarts());
  std::fflush(stderr);
}

void progress::print_tree() {
  if (std::exchange(tree_asked_for_, true))
    return;
  const auto print = [this](const ottla::call_result<ottla::tree_node>& tree) {
    if (!tree) {
      tree_asked_for_ = false;
      return;
    }
    // Set before printing: if printing throws, a retry would throw too.
    job_->tree_shown = true;
    fmt::print("{}\n", ottla::draw(*tree));
  };
  ottla::call<ottla::tree_node>(this, whereis("word_count"), 2s, ottla::describe_tree{}, print);
}
