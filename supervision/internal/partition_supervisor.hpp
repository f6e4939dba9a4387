#pragma once

#include <ottla/supervision/internal/supervisor.hpp>
#include <ottla/supervision/partition_supervisor_spec.hpp>

#include <cstddef>
#include <deque>
#include <memory>

namespace ottla {

/// The process of a partition_supervisor_spec.
class partition_supervisor : public supervisor {
public:
  partition_supervisor(caf::actor_config& config, process_context context,
                       partition_supervisor_spec spec, std::shared_ptr<partition_directory> copies);

private:
  struct request {
    std::size_t partitions;
    caf::response_promise promise;
  };

  caf::message_handler further_handlers() override;
  void terminated() override;
  caf::result<child_result> resize(std::size_t partitions);
  /// Starts the next step of the first request.
  void step();
  void grow();
  void shrink(child_result outcome);
  void done(child_result outcome);

  partition_supervisor_spec spec_;
  std::shared_ptr<partition_directory> copies_;
  /// Number of copies, except the copy that is ending.
  std::size_t running_;
  std::deque<request> requests_;
};

} // namespace ottla
