#pragma once

#include <ottla/kafka/client/broker_view.hpp>
#include <ottla/kafka/client/consumer.hpp>
#include <ottla/kafka/client/producer.hpp>
#include <ottla/kafka/client_settings.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

namespace ottla::kafka {

/// The seam to Kafka: a factory of handles, one per connection. Behind it stands librdkafka, or a
/// simulated cluster. No clock, no thread and no C type crosses it.
///
/// Thread safety: call from any thread.
class client {
public:
  using topics_receiver = std::function<void(const std::variant<std::vector<topic_info>, error>&)>;

  /// nullopt: a broker answered.
  using brokers_receiver = std::function<void(const std::optional<error>&)>;

  virtual ~client() = default;

  /// Answers an error of code bad_setting that names each key that is refused.
  virtual std::variant<std::unique_ptr<consumer>, error>
  open_consumer(const consumer_settings& settings) = 0;
  virtual std::variant<std::unique_ptr<producer>, error>
  open_producer(const producer_settings& settings) = 0;

  /// What the cluster holds of these topics; those that are not there are left out. `answer` is
  /// called once, on a thread of the seam's own, within some seconds, or not at all where the
  /// program ends before.
  virtual void describe_topics(std::vector<std::string> topics, topics_receiver answer) = 0;

  /// What the handles see of their brokers. Does not block.
  virtual broker_view view_brokers() = 0;

  /// Asks for a sign of life of any broker. `answer` is called once, on a thread of the seam's own,
  /// after `within` at the latest, and soon after a stop.
  virtual void ask_brokers(std::chrono::milliseconds within, std::stop_token stop,
                           brokers_receiver answer)
    = 0;

  /// No such question is expected soon: what is kept for the next one is released. Does not block.
  virtual void stop_asking() = 0;

  /// Blocking, for threads of the caller's own: what the cluster holds.
  virtual std::variant<std::vector<topic_info>, error> list_topics(std::chrono::milliseconds within)
    = 0;

  /// Blocking, likewise. Nothing: it was made.
  virtual std::optional<error> create_topic(const new_topic& topic,
                                            std::chrono::milliseconds within)
    = 0;

  /// Blocking, likewise. Nothing: it is deleted, which the brokers may take a while to notice.
  virtual std::optional<error> delete_topic(const std::string& topic,
                                            std::chrono::milliseconds within)
    = 0;
};

} // namespace ottla::kafka
