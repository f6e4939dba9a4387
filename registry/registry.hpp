#pragma once

#include <ottla/actors/process.hpp>
#include <ottla/registry/name_table.hpp>

#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace ottla {

/// The process that keeps a name table clean: it watches whoever holds a name and frees the names
/// of the dead, all of them. Look-ups and claims go to the table itself and never wait for it.
/// Restarted, it watches every holder again.
class registry : public process {
public:
  registry(caf::actor_config& config, process_context context, std::shared_ptr<name_table> table);

private:
  caf::behavior set_up() override;
  void terminated() override;

  void watch(const caf::actor& holder, std::string name);

  std::shared_ptr<name_table> table_;
  std::unordered_map<caf::actor_id, std::unordered_set<std::string>> names_of_;
};

} // namespace ottla
