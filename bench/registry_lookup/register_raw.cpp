#include <ottla/actors/call.hpp>

#include "registry_lookup/idle.hpp"
#include "registry_lookup/name_list.hpp"
#include "registry_lookup/raw_registry.hpp"
#include "registry_lookup/register_load.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace bench {

namespace {

/// Keeps `outstanding` names in flight, each held by a separate process. Makes a call to register
/// each name and then a call to unregister the name.
class raw_driver : public register_load {
public:
  using register_load::register_load;

  caf::behavior make_behavior() override {
    subject_ = caf::actor_cast<caf::actor>(home_system().spawn<raw_registry>());
    names_ = name_list(how().outstanding);
    for (std::size_t name = 0; name < names_.size(); ++name)
      holders_.push_back(caf::actor_cast<caf::actor>(home_system().spawn<idle>()));
    warm_up();
    // An actor without a handler ends.
    return {[](nudge) {}};
  }

  void on_exit() override {
    kill_all(holders_);
    load_driver::on_exit();
  }

private:
  void start(std::size_t times) override {
    unasked_ = times;
    running_ = std::min(times, names_.size());
    for (std::size_t name = 0, most = running_; name < most; ++name)
      take(name);
  }

  void take(std::size_t name) {
    --unasked_;
    ottla::send_request(
      this, subject_, ottla::infinity, raw_register{names_[name], holders_[name]},
      [this, name](raw_registered) { give_back(name); },
      [this](const caf::error&) { fail("no answer"); });
  }

  void give_back(std::size_t name) {
    ottla::send_request(
      this, subject_, ottla::infinity, raw_unregister{names_[name]},
      [this, name](raw_unregistered) { given_back(name); },
      [this](const caf::error&) { fail("no answer"); });
  }

  void given_back(std::size_t name) {
    if (unasked_ > 0)
      take(name);
    else if (--running_ == 0)
      done();
  }

  std::vector<std::string> names_;
  std::vector<caf::actor> holders_;
  std::size_t unasked_ = 0;
  std::size_t running_ = 0;
};

} // namespace

double register_raw(const register_run& how) {
  return microseconds_per_pair<raw_driver>(ottla::scheduling::sharing, how);
}

} // namespace bench
