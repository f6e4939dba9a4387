#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/type_ids.hpp>

#include <cstddef>
#include <string>

namespace bench {

/// A cast to the sink.
struct nudge {};

/// Answered with `drained` after all earlier messages are handled.
struct drain {};
struct drained {};

/// To a client: claim and release the name `times` times.
struct begin_as_client {
  std::size_t times = 0;
  caf::actor load_driver = {};
};

/// `go_on`, from a client to itself: release the name. `client_done`, to the load driver: all
/// rounds are done.
struct go_on {};
struct client_done {};

/// Calls to the floor's registry and their answers.
struct raw_register {
  std::string name = {};
  caf::actor holder = {};
};
struct raw_registered {};
struct raw_unregister {
  std::string name = {};
};
struct raw_unregistered {};

} // namespace bench

OTTLA_MESSAGES_BEGIN(bench_registry_lookup, ottla::first_user_type_id)
OTTLA_MESSAGE(bench_registry_lookup, (bench::nudge))
OTTLA_MESSAGE(bench_registry_lookup, (bench::drain))
OTTLA_MESSAGE(bench_registry_lookup, (bench::drained))
OTTLA_MESSAGE(bench_registry_lookup, (bench::begin_as_client))
OTTLA_MESSAGE(bench_registry_lookup, (bench::go_on))
OTTLA_MESSAGE(bench_registry_lookup, (bench::client_done))
OTTLA_MESSAGE(bench_registry_lookup, (bench::raw_register))
OTTLA_MESSAGE(bench_registry_lookup, (bench::raw_registered))
OTTLA_MESSAGE(bench_registry_lookup, (bench::raw_unregister))
OTTLA_MESSAGE(bench_registry_lookup, (bench::raw_unregistered))
OTTLA_MESSAGES_END(bench_registry_lookup)
