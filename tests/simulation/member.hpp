#pragma once

#include <ottla/kafka/observer.hpp>

#include "simulated_driver.hpp"
#include "support/driven_connection.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace ottla::kafka::simulation {

/// Forwards the calls of one member's observer to the invariants.
class observing : public observer {
public:
  observing(scene& on, std::size_t member) : on_{on}, member_{member} {}

  void acknowledged(const topic_partition& where, std::int64_t next) override;
  void committed(const topic_partition& where, std::int64_t next) override;
  void failed(const error& what) override;
  void recovered() override;

private:
  scene& on_;
  std::size_t member_;
};

std::string member_name(std::size_t member);

/// The connection of one member, on the simulated cluster. Appends the member's handler process, if
/// it has one, to `processes`.
test::driven_connection make_member(simulated_cluster& of, std::size_t member,
                                    caf::actor_system& system, std::vector<caf::actor>& processes);

} // namespace ottla::kafka::simulation
