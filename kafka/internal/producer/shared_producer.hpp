#pragma once

#include <ottla/actors/process.hpp>
#include <ottla/kafka/internal/driver/driver.hpp>
#include <ottla/kafka/internal/producer/producer_gate.hpp>
#include <ottla/kafka/internal/producer/producer_health.hpp>
#include <ottla/kafka/observer.hpp>
#include <ottla/kafka/producer/produce.hpp>
#include <ottla/kafka/producer/producer_settings.hpp>
#include <ottla/kafka/producer/topic_producer_settings.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace ottla::kafka {

/// The process `producer` of a connection. Owns the producing handle, which all topics share. Opens
/// the handle for the first records, and takes the handle's reports to the gate. Callers hand
/// records over through the gate, on their own thread. A `produce` message to this process does the
/// same on the thread of this process. The model is Elsa.Wrapper around brod's client.
class shared_producer : public process {
public:
  shared_producer(caf::actor_config& config, process_context context, std::shared_ptr<driver> seam,
                  producer_settings settings, std::vector<topic_producer_settings> topics,
                  std::shared_ptr<observer> observer, std::shared_ptr<health_board> health,
                  std::shared_ptr<producer_gate> gate);

private:
  caf::behavior set_up() override;
  void shutdown(const exit_reason& why) override;
  void terminated() override;

  caf::result<produced> accept(produce& request);
  void open();
  void handle_events();
  /// Handles the events of the handle. After many events, continues with a later message.
  void take_events();
  /// Reports this process as healthy if no record is in flight and health has no fault of
  /// producing.
  void note_idleness();
  void handle(delivered& event);
  void handle(const handle_failed& event);
  void handle(const handle_logged& event);
  void handle(const closed& event);

  // -- the end

  /// In a shutdown, closes the handle if the handle has accepted all records.
  void close_if_all_sent();
  void flush_overdue();
  void report_lost();

  std::shared_ptr<driver> seam_;
  producer_settings settings_;
  std::vector<topic_producer_settings> topics_;
  std::shared_ptr<observer> observer_;
  producer_health health_;
  std::shared_ptr<producer_gate> gate_;
  producer_gate::run run_ = 0;
  std::shared_ptr<producer_handle> producer_;
  std::optional<exit_reason> stop_reason_;
  /// Why the handle could not be opened.
  std::optional<error> refused_;
  bool closing_ = false;
  /// Number of records in flight when the shutdown began, or at a crash.
  std::size_t at_end_ = 0;
  /// Number of these records that were not confirmed.
  std::size_t lost_ = 0;
  /// Number of unconfirmed records that may be stored.
  std::size_t unknown_ = 0;
};

} // namespace ottla::kafka
