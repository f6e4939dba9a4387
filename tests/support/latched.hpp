#pragma once

#include <ottla/actors/process.hpp>
#include <ottla/actors/type_ids.hpp>
#include <ottla/supervision/child_spec.hpp>

#include "counter.hpp"

#include <memory>
#include <stdexcept>
#include <string>

namespace ottla::test {

/// Event counters that several processes share, for tests with real threads.
struct tally {
  counter started;
  counter ended;
  counter stuck;
  /// Raise once to release all stuck handlers.
  counter released;
};

struct die {};
struct get_stuck {};

/// A process that counts its starts and ends. `die` crashes the process. `get_stuck` blocks its
/// thread.
class latched : public process {
public:
  latched(caf::actor_config& config, process_context context, std::shared_ptr<tally> of)
    : process{config, std::move(context)}, of_{std::move(of)} {}

private:
  caf::behavior set_up() override {
    of_->started.raise();
    return {
      [](die) { throw std::runtime_error{"told to die"}; },
      [this](get_stuck) {
        of_->stuck.raise();
        of_->released.wait_for(1);
      },
    };
  }

  void terminated() override { of_->ended.raise(); }

  std::shared_ptr<tally> of_;
};

/// A latched child with `id` as id and name.
inline child_spec child(const std::string& id, const std::shared_ptr<tally>& of) {
  return {.id = id, .start = start<latched>(of), .name = id};
}

/// A process whose start always fails.
class stillborn : public process {
public:
  stillborn(caf::actor_config& config, process_context context)
    : process{config, std::move(context)} {}

private:
  caf::behavior set_up() override { throw std::runtime_error{"no luck"}; }
};

} // namespace ottla::test

OTTLA_MESSAGES_BEGIN(ottla_test_latched, ottla::first_user_type_id + 20)
OTTLA_MESSAGE(ottla_test_latched, (ottla::test::die))
OTTLA_MESSAGE(ottla_test_latched, (ottla::test::get_stuck))
OTTLA_MESSAGES_END(ottla_test_latched)
