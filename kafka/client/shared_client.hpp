#pragma once

#include <ottla/actors/process.hpp>
#include <ottla/kafka/client/client.hpp>
#include <ottla/kafka/client/messages.hpp>
#include <ottla/kafka/messages.hpp>
#include <ottla/kafka/observer.hpp>

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <optional>

namespace ottla::kafka {

/// The connection's client process: it owns the one handle that all producers of the connection
/// share, and gives each batch its answer. The handle is opened for the first batch.
/// (Elsa.Wrapper around brod's client.)
class shared_client : public process {
public:
  shared_client(caf::actor_config& config, process_context context, std::shared_ptr<client> seam,
                producer_settings settings, std::shared_ptr<observer> observer);

private:
  struct batch_in_flight {
    std::shared_ptr<const outgoing> batch;
    caf::response_promise answer;
  };

  caf::behavior set_up() override;
  void shutdown(const exit_reason& why) override;
  void terminated() override;

  caf::result<produced> accept(send_records& request);
  void open();
  void send_waiting();
  void look_at_events();
  void handle(const delivered& event);
  void handle(const client_failed& event);
  void handle(const closed& event);

  std::shared_ptr<client> seam_;
  producer_settings settings_;
  std::shared_ptr<observer> observer_;
  std::unique_ptr<producer> producer_;
  token last_token_ = 0;
  std::map<token, batch_in_flight> in_flight_;
  /// Not wholly taken by the handle yet, oldest first, and how much of the first one is.
  std::deque<std::shared_ptr<const outgoing>> waiting_;
  std::size_t sent_of_first_ = 0;
  std::optional<exit_reason> stop_reason_;
};

} // namespace ottla::kafka
