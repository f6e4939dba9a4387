#pragma once

#include <ottla/actors/server.hpp>

#include "supervision/child_messages.hpp"

#include <cstddef>
#include <utility>

namespace bench {

/// The child that the benchmarks start, kill and measure.
class ping_server : public ottla::server {
public:
  ping_server(caf::actor_config& config, ottla::process_context context)
    : server{config, std::move(context)} {}

  /// A child that sends here_i_am to the load driver in its init.
  ping_server(caf::actor_config& config, ottla::process_context context, caf::actor load_driver,
              std::size_t slot)
    : server{config, std::move(context)}, load_driver_{std::move(load_driver)}, slot_{slot} {}

private:
  ottla::init_result init(handlers& on) override {
    on.call([](ping) { return pong{}; });
    if (load_driver_)
      ottla::cast(this, load_driver_, here_i_am{slot_, self()});
    return {};
  }

  caf::actor load_driver_;
  std::size_t slot_ = 0;
};

} // namespace bench
