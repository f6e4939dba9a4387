#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/type_ids.hpp>

#include <cstddef>
#include <string>

namespace bench {

/// By cast, to whoever is sent to.
struct nudge {};

/// Answered with `drained` when all that was sent before has been handled.
struct drain {};
struct drained {};

/// To a client: take and give back the name so many times.
struct begin_as_client {
  std::size_t times = 0;
  caf::actor driver = {};
};

/// A client to itself: the other half of a register and unregister; to the driver: that was all.
struct go_on {};
struct client_done {};

/// To the floor's registry. Both are answered.
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
