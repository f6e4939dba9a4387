#include <ottla/supervision/application.hpp>
#include <ottla/supervision/internal/application_implementation.hpp>

#include <chrono>
#include <future>
#include <stdexcept>
#include <utility>

namespace ottla {

application::application(application_spec spec) : impl_{std::make_unique<implementation>()} {
  impl_->own_a_system(spec);
  launch(std::move(spec));
}

application::application(caf::actor_system& system, application_spec spec)
  : impl_{std::make_unique<implementation>()} {
  impl_->system = &system;
  launch(std::move(spec));
}

void application::launch(application_spec spec) {
  impl_->stop_if_program_exits();
  impl_->launch(std::move(spec));
  const auto failed = impl_->wait_started();
  if (failed && !impl_->program_stopped_it()) {
    const auto text = impl_->failed_text(*failed);
    impl_->finish();
    throw std::runtime_error{text};
  }
  impl_->is_up = !failed;
  if (impl_->at_exit)
    impl_->at_exit->register_again();
}

application::application(std::unique_ptr<implementation> impl) : impl_{std::move(impl)} {}

application::~application() {
  if (!impl_)
    return;
  if (impl_->is_forked()) {
    implementation::leave_alone(std::move(impl_));
    return;
  }
  impl_->at_exit.reset();
  if (impl_->program_exits)
    implementation::leave_alone(std::move(impl_));
  else
    impl_->finish();
}

const std::shared_ptr<directory>& application::names() const noexcept {
  return impl_->names;
}

std::optional<tree_node> application::tree() const {
  if (impl_->is_forked())
    return std::nullopt;
  auto answer = std::make_shared<std::promise<std::optional<tree_node>>>();
  auto result = answer->get_future();
  post(impl_->keeper, detail::tell_tree{std::move(answer)});
  constexpr std::chrono::seconds patience{3};
  const auto is_there = [&](std::chrono::nanoseconds within) {
    return result.wait_for(within) == std::future_status::ready;
  };
  if (impl_->is_virtual)
    run_virtual_time(*impl_->system, patience, [&] { return is_there({}); });
  if (!is_there(impl_->is_virtual ? std::chrono::nanoseconds{} : patience))
    return std::nullopt;
  try {
    return result.get();
  } catch (const std::future_error&) {
    // The keeper ended and dropped the promise.
    return std::nullopt;
  }
}

std::optional<exit_reason> application::ended() const {
  return impl_->state->ended();
}

void application::when_ended(std::function<void()> then) {
  impl_->state->when_ended(std::move(then));
}

const stop_report& application::stop() {
  return impl_->stop();
}

caf::actor_system& application::system() {
  return *impl_->system;
}

} // namespace ottla
