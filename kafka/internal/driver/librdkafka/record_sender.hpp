#pragma once

#include <ottla/kafka/internal/driver/librdkafka/delivery_tracker.hpp>
#include <ottla/kafka/internal/driver/librdkafka/event_box.hpp>
#include <ottla/kafka/internal/driver/librdkafka/flush_thread.hpp>
#include <ottla/kafka/internal/driver/librdkafka/handle.hpp>
#include <ottla/kafka/internal/driver/librdkafka/log_and_error_reader.hpp>
#include <ottla/kafka/internal/driver/librdkafka/owned.hpp>
#include <ottla/kafka/internal/driver/librdkafka/partitioning.hpp>
#include <ottla/kafka/internal/driver/librdkafka/topic_configuration.hpp>
#include <ottla/kafka/internal/driver/librdkafka/urgent_flush.hpp>
#include <ottla/kafka/internal/driver/producer_handle.hpp>
#include <ottla/kafka/producer/topic_producer_settings.hpp>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ottla::kafka {

/// The state that a destroyed record_sender leaves to the reaper.
struct departing_sender {
  std::unique_ptr<handle> of;
  std::map<std::string, owned_topic> topics;
  std::map<token, std::shared_ptr<delivery_tracker>> trackers;
  std::unique_ptr<flush_thread> flush;
  std::unique_ptr<urgent_flush> urgent;
  std::map<std::string, std::unique_ptr<topic_partitioner>> partitioners;
};

/// A librdkafka producer, driven by its events. Values are passed to librdkafka without a copy.
/// Only the look-ups of a batch's topic and tracker take a lock, once for each send().
///
/// Thread safety: see producer_handle.
class record_sender final : public producer_handle {
public:
  /// Takes ownership of both pointers. `threads` are the interceptors of the native handle.
  record_sender(rd_kafka_t* native, std::unique_ptr<interceptors> threads,
                std::vector<topic_producer_settings> topics = {}, partitioning by = {});
  ~record_sender() override;

  void wake_on_event(waker wake) override;
  std::optional<producer_event> next_event() override;
  std::size_t send(const std::shared_ptr<const outgoing>& batch, std::size_t from) override;
  void close() override;
  void abandon() override;

private:
  enum class outcome { taken, full };

  outcome hand_over(delivery_tracker& tracker, rd_kafka_topic_t* topic, std::size_t index);
  /// Returns the configuration of a topic with settings or a partitioner of its own, otherwise
  /// null.
  owned_topic_conf configuration_of(const std::string& topic);
  /// Returns null if `name` is invalid, and sets `why_none` to the reason.
  rd_kafka_topic_t* topic_of(const std::string& name, error& why_none);
  std::shared_ptr<delivery_tracker> tracker_of(const std::shared_ptr<const outgoing>& batch);
  /// Releases a batch of which librdkafka has no record.
  void forget(const outgoing& batch);
  void refuse(delivery_tracker& tracker, std::size_t index, error why);
  void note_leader(const outgoing& batch);
  /// Returns an error that names the record's target and the cause.
  error why_not_stored(const rd_kafka_message_t& report, const delivery_tracker& tracker,
                       std::size_t index) const;
  /// Returns the cause of a record's timeout; empty if the cause is unknown.
  std::string cause_of_timeout(const std::string& topic) const;
  void on_reports(rd_kafka_event_t* event);
  /// Posts the result of a batch whose records are all reported.
  void finish(delivery_tracker& tracker);
  std::optional<producer_event> on_close();

  std::unique_ptr<handle> handle_;
  log_and_error_reader reader_;
  event_box<producer_event> events_;
  const std::vector<topic_producer_settings> settings_;
  const partitioning partitioning_;
  std::mutex lock_;
  /// Under lock_. By topic.
  std::map<std::string, std::unique_ptr<topic_partitioner>> partitioners_;
  /// Under lock_.
  std::map<std::string, owned_topic> topics_;
  /// Under lock_.
  std::map<token, std::shared_ptr<delivery_tracker>> trackers_;
  /// Topics to which librdkafka has sent a record. These topics have had a leader.
  std::set<std::string> led_;
  token last_sent_ = 0;
  std::unique_ptr<urgent_flush> urgent_;
  /// Runs from close() on.
  std::unique_ptr<flush_thread> flush_;
  enum class closing_state { open, begun, over };
  std::atomic<closing_state> closing_ = closing_state::open;
};

} // namespace ottla::kafka
