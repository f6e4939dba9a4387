#include <ottla/actors/call.hpp>
#include <ottla/actors/introspection.hpp>
#include <ottla/registry/registry.hpp>

#include "registry_lookup/name_list.hpp"
#include "registry_lookup/register_load.hpp"
#include "registry_lookup/registry_messages.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace bench {

namespace {

/// Repeatedly claims and releases its name. With several clients each client yields between claim
/// and release, so that all clients hold their names at the same time.
class client : public caf::event_based_actor {
public:
  client(caf::actor_config& config, std::shared_ptr<ottla::name_table> names, std::string name,
         bool alone)
    : caf::event_based_actor{config},
      names_{std::move(names)},
      name_{std::move(name)},
      alone_{alone} {}

  caf::behavior make_behavior() override {
    return {[this](const begin_as_client& asked) {
              left_ = asked.times;
              load_driver_ = asked.load_driver;
              next();
            },
            [this](go_on) {
              give_back();
              next();
            }};
  }

  void on_exit() override { load_driver_ = {}; }

private:
  void next() {
    while (left_ > 0) {
      --left_;
      names_->claim(name_, caf::actor_cast<caf::actor>(this));
      if (!alone_) {
        ottla::cast(this, caf::actor_cast<caf::actor>(this), go_on{});
        return;
      }
      give_back();
    }
    ottla::cast(this, load_driver_, client_done{});
  }

  void give_back() { names_->release(name_, address()); }

  std::shared_ptr<ottla::name_table> names_;
  std::string name_;
  bool alone_;
  std::size_t left_ = 0;
  caf::actor load_driver_;
};

class register_driver : public register_load {
public:
  using register_load::register_load;

  caf::behavior make_behavior() override {
    subject_ = caf::actor_cast<caf::actor>(
      home_system().spawn<ottla::registry>(ottla::process_context{}, table_));
    for (auto& name : name_list(how().outstanding))
      clients_.push_back(caf::actor_cast<caf::actor>(
        home_system().spawn<client>(table_, std::move(name), how().outstanding == 1)));
    warm_up();
    return {[this](client_done) {
      if (--running_ == 0)
        settle();
    }};
  }

  void on_exit() override {
    kill_all(clients_);
    load_driver::on_exit();
  }

private:
  void start(std::size_t times) override {
    running_ = clients_.size();
    for (const auto& each : clients_)
      ottla::cast(this, each, begin_as_client{times / clients_.size(), self()});
  }

  // The registry learns of writes by messages. The time to handle them is part of the cost.
  void settle() {
    ottla::call<std::string>(this, ottla::process_ref{subject_}, ottla::infinity,
                             ottla::get_state{},
                             [this](const ottla::call_result<std::string>& answer) {
                               answer ? done() : fail("the registry has ended");
                             });
  }

  std::shared_ptr<ottla::name_table> table_ = std::make_shared<ottla::name_table>();
  std::vector<caf::actor> clients_;
  std::size_t running_ = 0;
};

} // namespace

double register_ours(const register_run& how) {
  return microseconds_per_pair<register_driver>(ottla::scheduling::handoff, how);
}

} // namespace bench
