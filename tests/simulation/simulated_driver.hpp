#pragma once

#include <ottla/kafka/admin/topic_info.hpp>
#include <ottla/kafka/internal/driver/consumer_handle_settings.hpp>
#include <ottla/kafka/internal/driver/driver.hpp>
#include <ottla/kafka/producer/producer_settings.hpp>

#include "simulated_cluster.hpp"
#include "simulated_reader.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace ottla::kafka::simulation {

/// The driver of one member's connection, on the simulated cluster.
class simulated_driver : public driver {
public:
  simulated_driver(simulated_cluster& of, std::size_t member) : of_{of}, member_{member} {}

  std::variant<std::unique_ptr<consumer_handle>, error>
  open_consumer(const consumer_handle_settings& settings) override;
  std::variant<std::unique_ptr<producer_handle>, error>
  open_producer(const producer_settings& settings,
                const std::vector<topic_producer_settings>& topics) override;
  void describe_topics(std::vector<std::string> topics, topics_receiver answer) override;

  broker_view view_brokers() override;
  void ask_brokers(std::chrono::milliseconds within, std::stop_token stop,
                   brokers_receiver answer) override;
  void stop_asking() override {}
  void look_up(extra_settings extra, lookup_work work) override;
  result<std::unique_ptr<reader_handle>> open_reader(const reader_settings& settings) override;

  /// Admin requests are not simulated.
  void administer(std::chrono::milliseconds, std::stop_token, admin_work) override {}

private:
  simulated_cluster& of_;
  std::size_t member_;
  std::shared_ptr<known_beginnings> beginnings_ = std::make_shared<known_beginnings>();
};

} // namespace ottla::kafka::simulation
