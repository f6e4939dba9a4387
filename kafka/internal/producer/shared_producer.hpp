#pragma once

#include <ottla/actors/process.hpp>
#include <ottla/kafka/internal/driver/driver.hpp>
#include <ottla/kafka/internal/producer/producer_health.hpp>
#include <ottla/kafka/internal/producer/shared_producer_messages.hpp>
#include <ottla/kafka/observer.hpp>
#include <ottla/kafka/producer/produce.hpp>
#include <ottla/kafka/producer/producer_settings.hpp>
#include <ottla/supervision/internal/stop_deadline.hpp>

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <optional>

namespace ottla::kafka {

/// Owns the producing handle of a connection, which all its topic producers share. Sends their
/// batches and answers each of them. Opens the handle for the first batch. The model is
/// Elsa.Wrapper around brod's client.
class shared_producer : public process {
public:
  shared_producer(caf::actor_config& config, process_context context, std::shared_ptr<driver> seam,
                  producer_settings settings, std::shared_ptr<observer> observer,
                  std::shared_ptr<health_board> health);

private:
  struct batch_in_flight {
    std::shared_ptr<const outgoing> batch;
    caf::response_promise answer;
    std::shared_ptr<const send_buffer::room> room;
  };

  caf::behavior set_up() override;
  void shutdown(const exit_reason& why) override;
  void terminated() override;

  caf::result<produced> accept(send_records& request);
  void open();
  /// Passes waiting batches to the handle, until the handle accepts no more records.
  void send_waiting();
  void handle_events();
  /// Reports this process as healthy if no batch is in flight and health has no fault of the shared
  /// producer or of a topic producer.
  void note_idleness();
  void handle(const delivered& event);
  void handle(const handle_failed& event);
  void handle(const handle_logged& event);
  void handle(const closed& event);

  // -- the end

  /// In a shutdown, closes the handle if the handle has accepted all batches.
  void close_if_all_sent();
  void flush_overdue();
  /// Answers a batch whose delivery report is missing, and counts its records as lost. The handle
  /// has accepted the first `handed_over` records.
  void give_up(batch_in_flight& one, std::size_t handed_over);
  /// Number of records of a batch in flight that the handle has accepted.
  std::size_t handed_over_of(const outgoing& batch) const;
  void count_lost(const produced::failure& one);
  void report_lost();

  std::shared_ptr<driver> seam_;
  producer_settings settings_;
  std::shared_ptr<observer> observer_;
  producer_health health_;
  std::unique_ptr<producer_handle> producer_;
  token last_token_ = 0;
  std::map<token, batch_in_flight> in_flight_;
  /// Batches that the handle has not accepted completely, oldest first.
  std::deque<std::shared_ptr<const outgoing>> waiting_;
  /// Number of records of waiting_.front() that the handle has accepted.
  std::size_t sent_of_first_ = 0;
  std::optional<exit_reason> stop_reason_;
  bool closing_ = false;
  /// While set, a stop of the application reserves time for the records in flight.
  std::optional<stop_deadline::claim> needs_time_;
  /// Number of records in flight when the shutdown began, or at a crash.
  std::size_t at_end_ = 0;
  /// Number of these records that were not confirmed.
  std::size_t lost_ = 0;
  /// Number of unconfirmed records that may be stored.
  std::size_t unknown_ = 0;
};

} // namespace ottla::kafka
