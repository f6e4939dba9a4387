#pragma once

#include <ottla/actors/process.hpp>
#include <ottla/kafka/admin/admin_requests.hpp>
#include <ottla/kafka/internal/admin/admin_messages.hpp>
#include <ottla/kafka/internal/driver/driver.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <stop_token>

namespace ottla::kafka {

/// A connection's admin process. Checks each request, and passes the request to a thread of the
/// seam. That thread sends the answer back to this process. If the seam is late, for example
/// because an earlier request is slow, this process answers with errc::timed_out. If this process
/// ends, it answers all pending requests with errc::closed.
class admin_process : public process {
public:
  admin_process(caf::actor_config& config, process_context context, std::shared_ptr<driver> seam);

private:
  struct pending {
    caf::response_promise answer;
    std::stop_source stop;
    /// Delivers an answer of the request's type.
    void (*fail)(caf::response_promise& answer, const error& why);
  };

  caf::behavior set_up() override;
  void terminated() override;

  template <class Request>
  caf::result<typename Request::answer> ask(const Request& what);
  void answered(const admin_answered& what);
  void overdue(const admin_overdue& what);

  std::shared_ptr<driver> seam_;
  std::map<std::uint64_t, pending> pending_;
  std::uint64_t last_asked_ = 0;
};

} // namespace ottla::kafka
