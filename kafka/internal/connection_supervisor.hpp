#pragma once

#include <ottla/actors/directory.hpp>
#include <ottla/registry/name_table.hpp>
#include <ottla/supervision/internal/supervisor.hpp>

#include <memory>

namespace ottla::kafka {

/// The root of a connection's tree. Claims the connection's name: mounts the connection's name
/// table in the parent directory, and ends with an error that names the owner if the name is taken.
class connection_supervisor : public supervisor {
public:
  /// Mounts `names` in `above` under the connection's name. If `above` is null, mounts nothing.
  connection_supervisor(caf::actor_config& config, process_context context, supervisor_spec spec,
                        std::shared_ptr<name_table> names, std::shared_ptr<directory> above);

private:
  caf::message_handler further_handlers() override;

  std::shared_ptr<name_table> names_;
  std::shared_ptr<directory> above_;
};

} // namespace ottla::kafka
