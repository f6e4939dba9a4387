#include <ottla/actors/root_directory.hpp>
#include <ottla/supervision/internal/supervisor.hpp>

#include "supervision/ping_server.hpp"
#include "supervision/starting.hpp"
#include "supervision/starts.hpp"
#include "support/load_driver.hpp"
#include "support/memory_use.hpp"

#include <fmt/format.h>

#include <utility>

namespace bench {

namespace {

/// Starts the supervisor, and gets a message when all of its children have started.
class named_driver : public load_driver {
public:
  named_driver(caf::actor_config& config, std::promise<void> done, std::size_t children,
               start_figures& into)
    : load_driver{config, std::move(done)}, children_{children}, into_{into} {}

  caf::behavior make_behavior() override {
    memory_ = memory_now();
    ottla::supervisor_spec spec{.id = "supervisor"};
    for (std::size_t child = 0; child < children_; ++child)
      spec.children.push_back({.id = fmt::format("child {}", child),
                               .start = ottla::start<ping_server>(),
                               .name = fmt::format("worker {}", child)});
    auto context = supervisor_context();
    context.names = std::make_shared<ottla::root_directory>();
    context.starter = self();
    subject_ = caf::actor_cast<caf::actor>(
      home_system().spawn<ottla::supervisor>(std::move(context), std::move(spec)));
    return {[this](const ottla::process_started& answer) { started(answer); }};
  }

private:
  void started(const ottla::process_started& answer) {
    if (answer.result != ottla::process_started::outcome::ok) {
      fail(answer.text);
      return;
    }
    const auto more = memory_now() - memory_;
    const auto count = static_cast<double>(children_);
    into_.resident_bytes = more.resident / count;
    into_.heap_bytes = more.heap / count;
    finish();
  }

  std::size_t children_;
  start_figures& into_;
  memory_use memory_;
};

} // namespace

start_figures start_named(std::size_t children) {
  start_figures result;
  run_driver<named_driver>(ottla::scheduling::handoff, children, std::ref(result));
  return result;
}

} // namespace bench
