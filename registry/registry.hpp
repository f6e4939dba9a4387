#pragma once

#include <ottla/actors/process.hpp>
#include <ottla/actors/process_ref.hpp>
#include <ottla/registry/name_table.hpp>

#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

namespace ottla {

/// The process that removes dead processes from a name_table. The table has the names, and
/// name_table.hpp has the examples. Programs start a registry by start_registry().
///
/// The registry watches all holders of names, releases all names of a dead holder, and notifies the
/// listeners. Look-ups and claims use the table itself and never wait for this process. After a
/// restart the registry watches every holder again, and sends the pending events.
class registry : public process {
public:
  /// `listeners` get name_registered and name_unregistered, in order. A listener that is given by
  /// name is looked up for each event. If `mounted_in` is set, the table is mounted there under its
  /// own name, and the start fails if that name is taken.
  registry(caf::actor_config& config, process_context context, std::shared_ptr<name_table> table,
           std::vector<process_ref> listeners = {},
           std::shared_ptr<directory> mounted_in = nullptr);

private:
  caf::behavior set_up() override;
  void terminated() override;
  std::string state_text() const override;

  void mount();
  void read_changes();
  void watch(const caf::actor_addr& holder);
  void unwatch(const caf::actor_addr& former);
  void notify_listeners();

  std::shared_ptr<name_table> table_;
  std::vector<process_ref> listeners_;
  std::shared_ptr<directory> mounted_in_;
  std::unordered_set<caf::actor_id> watched_;
};

/// The start function of a program's own registry. List the registry before the children that claim
/// names in its table:
///
///     const auto people = std::make_shared<ottla::name_table>("people");
///     ottla::supervisor_spec shop{
///       .id = "shop",
///       .children = {{.id = "log", .start = ottla::start<log>(), .name = "log"},
///                    {.id = "people", .start = ottla::start_registry(people, {"log"})},
///                    {.id = "anna", .start = ottla::start<clerk>(), .name = "people/anna"}},
///     };
///
/// The start mounts the table in the tree's directory: all processes of the tree find `anna` as
/// `people/anna`. The start fails if another living process has mounted `people`. `listeners` are
/// names of processes in the tree's directory. In the example `log` gets name_registered for
/// `anna`.
start_function start_registry(std::shared_ptr<name_table> table,
                              std::vector<std::string> listeners = {});

} // namespace ottla
