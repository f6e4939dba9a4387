#pragma once

#include "supervision/child_messages.hpp"

#include <cstddef>
#include <unordered_map>

namespace bench {

/// The floor: spawns and monitors children, keeps a table, respawns dead children. No start
/// handshake, no names, no restart limit. A shutdown request ends all children first.
class raw_supervisor : public caf::event_based_actor {
public:
  /// A supervisor that starts children on request.
  explicit raw_supervisor(caf::actor_config& config) : caf::event_based_actor{config} {}

  /// A supervisor with this many children, which send here_i_am to the load driver.
  raw_supervisor(caf::actor_config& config, caf::actor load_driver, std::size_t children);

  caf::behavior make_behavior() override;
  void on_exit() override;

private:
  struct child {
    caf::actor process;
    std::size_t slot = 0;
  };

  caf::actor keep(caf::actor process, std::size_t slot);
  void start(std::size_t slot);
  void down(const caf::down_msg& message);
  void shut_down(const caf::exit_msg& request);

  caf::actor load_driver_;
  std::size_t wanted_ = 0;
  std::unordered_map<caf::actor_id, child> children_;
  bool stopping_ = false;
  caf::error why_;
};

} // namespace bench
