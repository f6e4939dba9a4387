#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/type_ids.hpp>

#include <cstddef>

namespace bench {

/// A call to a child, answered with pong.
struct ping {};
struct pong {};

/// A cast to a server.
struct nudge {};

/// From a child's init to the load driver: the child exists, and accepts calls as soon as init is
/// done.
struct here_i_am {
  std::size_t slot = 0;
  caf::actor process = {};
};

/// From the load driver to itself: the gap before the next kill is over.
struct kill_next {
  std::size_t slot = 0;
};

/// A call to the floor's supervisor, answered with the child.
struct start_raw_child {};
struct raw_child_started {
  caf::actor process = {};
};

} // namespace bench

OTTLA_MESSAGES_BEGIN(bench_supervision, ottla::first_user_type_id)
OTTLA_MESSAGE(bench_supervision, (bench::ping))
OTTLA_MESSAGE(bench_supervision, (bench::pong))
OTTLA_MESSAGE(bench_supervision, (bench::nudge))
OTTLA_MESSAGE(bench_supervision, (bench::here_i_am))
OTTLA_MESSAGE(bench_supervision, (bench::kill_next))
OTTLA_MESSAGE(bench_supervision, (bench::start_raw_child))
OTTLA_MESSAGE(bench_supervision, (bench::raw_child_started))
OTTLA_MESSAGES_END(bench_supervision)
