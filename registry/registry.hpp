#pragma once

#include <ottla/actors/process.hpp>
#include <ottla/actors/process_ref.hpp>
#include <ottla/registry/name_table.hpp>

#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

namespace ottla {

/// The process that keeps a name table clean: it watches whoever holds a name, frees the names of
/// the dead, all of them, and tells the listeners. Look-ups and claims go to the table itself and
/// never wait for it. Restarted, it watches every holder again, and tells what was not told.
class registry : public process {
public:
  /// `listeners` get name_registered and name_unregistered, in order; one that is given by name is
  /// looked up each time.
  registry(caf::actor_config& config, process_context context, std::shared_ptr<name_table> table,
           std::vector<process_ref> listeners = {});

private:
  caf::behavior set_up() override;
  void terminated() override;
  std::string state_text() const override;

  void look_at_the_table();
  void watch(const caf::actor_addr& holder);
  void leave_alone(const caf::actor_addr& former);
  void tell_listeners();

  std::shared_ptr<name_table> table_;
  std::vector<process_ref> listeners_;
  std::unordered_set<caf::actor_id> watched_;
};

} // namespace ottla
