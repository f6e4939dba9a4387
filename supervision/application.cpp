#include <ottla/supervision/application.hpp>
#include <ottla/supervision/detail/running_application.hpp>

#include <chrono>
#include <future>
#include <stdexcept>
#include <utility>

namespace ottla {

application::application(application_spec spec) : it_{std::make_unique<running>()} {
  it_->own_a_system(spec);
  launch(std::move(spec));
}

application::application(caf::actor_system& system, application_spec spec)
  : it_{std::make_unique<running>()} {
  it_->system = &system;
  launch(std::move(spec));
}

void application::launch(application_spec spec) {
  it_->stop_if_program_exits();
  it_->launch(std::move(spec));
  const auto failed = it_->wait_started();
  if (failed && !it_->program_stopped_it()) {
    const auto text = it_->failed_text(*failed);
    it_->finish();
    throw std::runtime_error{text};
  }
  it_->is_up = !failed;
  if (it_->at_exit)
    it_->at_exit->register_again();
}

application::application(std::unique_ptr<running> it) : it_{std::move(it)} {}

application::~application() {
  if (!it_)
    return;
  if (it_->is_forked()) {
    running::leave_alone(std::move(it_));
    return;
  }
  it_->at_exit.reset();
  if (it_->program_exits)
    running::leave_alone(std::move(it_));
  else
    it_->finish();
}

const std::shared_ptr<directory>& application::names() const noexcept {
  return it_->names;
}

std::optional<tree_node> application::tree() const {
  if (it_->is_forked())
    return std::nullopt;
  auto answer = std::make_shared<std::promise<std::optional<tree_node>>>();
  auto result = answer->get_future();
  post(it_->keeper, detail::tell_tree{std::move(answer)});
  constexpr std::chrono::seconds patience{3};
  const auto is_there = [&](std::chrono::nanoseconds within) {
    return result.wait_for(within) == std::future_status::ready;
  };
  if (it_->is_virtual)
    run_virtual_time(*it_->system, patience, [&] { return is_there({}); });
  if (!is_there(it_->is_virtual ? std::chrono::nanoseconds{} : patience))
    return std::nullopt;
  try {
    return result.get();
  } catch (const std::future_error&) {
    // The keeper ended and dropped the promise.
    return std::nullopt;
  }
}

std::optional<exit_reason> application::ended() const {
  return it_->state->ended();
}

void application::when_ended(std::function<void()> then) {
  it_->state->when_ended(std::move(then));
}

const stop_report& application::stop() {
  return it_->stop();
}

caf::actor_system& application::system() {
  return *it_->system;
}

} // namespace ottla
