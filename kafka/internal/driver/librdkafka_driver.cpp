#include <ottla/kafka/internal/driver/librdkafka/admin_line.hpp>
#include <ottla/kafka/internal/driver/librdkafka/admin_requests.hpp>
#include <ottla/kafka/internal/driver/librdkafka/broker_contact.hpp>
#include <ottla/kafka/internal/driver/librdkafka/broker_probe.hpp>
#include <ottla/kafka/internal/driver/librdkafka/configuration.hpp>
#include <ottla/kafka/internal/driver/librdkafka/fetched_batch.hpp>
#include <ottla/kafka/internal/driver/librdkafka/group_member.hpp>
#include <ottla/kafka/internal/driver/librdkafka/interceptors.hpp>
#include <ottla/kafka/internal/driver/librdkafka/leader_epochs.hpp>
#include <ottla/kafka/internal/driver/librdkafka/partitioning.hpp>
#include <ottla/kafka/internal/driver/librdkafka/reader.hpp>
#include <ottla/kafka/internal/driver/librdkafka/reaper.hpp>
#include <ottla/kafka/internal/driver/librdkafka/record_sender.hpp>
#include <ottla/kafka/internal/driver/librdkafka_driver.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <utility>

namespace ottla::kafka {

namespace {

/// Must stay below 5 s, because health reports an unreachable broker within 5 s.
constexpr std::chrono::seconds describe_within{4};

class librdkafka_driver final : public driver {
public:
  explicit librdkafka_driver(cluster_settings settings)
    : settings_{std::move(settings)}, probe_{std::make_shared<broker_probe>(settings_, contact_)} {}
  // Closing a connection may block, so reaper threads close the connections.
  ~librdkafka_driver() override {
    stop_asking();
    admin_line::retire(std::move(admin_));
  }
  librdkafka_driver(const librdkafka_driver&) = delete;
  librdkafka_driver& operator=(const librdkafka_driver&) = delete;

  std::variant<std::unique_ptr<consumer_handle>, error>
  open_consumer(const consumer_handle_settings& settings) override {
    if (settings.group.empty())
      return error{.code = errc::bad_setting, .text = "\"group.id\" must not be \"\""};
    auto conf = configure_consumer(settings_, settings);
    auto threads = std::make_unique<interceptors>(destroy_messages, contact_);
    intercept(conf.get(), *threads);
    const auto opened = conf.open(RD_KAFKA_CONSUMER);
    if (const auto* why = std::get_if<error>(&opened))
      return *why;
    return std::make_unique<group_member>(
      std::get<rd_kafka_t*>(opened), std::move(threads), settings.memory,
      std::make_unique<offset_lookup>(settings_, settings, epochs_));
  }

  std::variant<std::unique_ptr<producer_handle>, error>
  open_producer(const producer_settings& settings,
                const std::vector<topic_producer_settings>& topics) override {
    auto conf = configure_producer(settings_, settings);
    partitioning by{settings_.extra, settings, topics};
    by.configure(conf);
    auto threads = std::make_unique<interceptors>(contact_);
    intercept(conf.get(), *threads);
    const auto opened = conf.open(RD_KAFKA_PRODUCER);
    if (const auto* why = std::get_if<error>(&opened))
      return *why;
    return std::make_unique<record_sender>(std::get<rd_kafka_t*>(opened), std::move(threads),
                                           topics, std::move(by));
  }

  void describe_topics(std::vector<std::string> topics, topics_receiver answer) override {
    auto look_up = [of = settings_, contact = contact_, topics = std::move(topics),
                    answer = std::move(answer)](const background_work& work) {
      // Requests all topics, because a request for a missing topic may create that topic.
      admin_handle own{of, contact};
      const auto seen = admin_requests{
        own, describe_within, admin_requests::deadline_in(describe_within), [&] {
          return work.is_cut_short();
        }}.read_cluster();
      if (!seen) {
        answer(seen.error());
        return;
      }
      std::vector<topic_info> found;
      for (const auto& each : seen->topics)
        if (std::ranges::find(topics, each.name) != topics.end())
          found.push_back({each.name, static_cast<std::int32_t>(each.partitions.size())});
      answer(found);
    };
    reap("a look-up of Kafka topics", std::move(look_up), background::dispensable);
  }

  broker_view view_brokers() override { return contact_->view(std::chrono::steady_clock::now()); }

  void ask_brokers(std::chrono::milliseconds within, std::stop_token stop,
                   brokers_receiver answer) override {
    asked_ = true;
    reap(
      "a check whether a broker answers",
      [probe = probe_, within, stop = std::move(stop),
       answer = std::move(answer)](const background_work&) { answer(probe->ask(within, stop)); },
      background::dispensable);
  }

  void stop_asking() override {
    if (asked_.exchange(false))
      reap(
        "a Kafka handle that checked whether a broker answers",
        [probe = probe_](const background_work&) { probe->close(); }, background::dispensable);
  }

  void administer(std::chrono::milliseconds within, std::stop_token stop,
                  admin_work work) override {
    admin_->ask(within, std::move(stop), std::move(work));
  }

  void run_aside(std::string name, std::function<void()> work) override {
    reap(
      std::move(name), [work = std::move(work)](const background_work&) { work(); },
      background::dispensable);
  }

  result<std::unique_ptr<reader_handle>> open_reader(const reader_settings& settings) override {
    return std::unique_ptr<reader_handle>{std::make_unique<reader>(settings_, settings, contact_)};
  }

private:
  const cluster_settings settings_;
  const std::shared_ptr<broker_contact> contact_ = std::make_shared<broker_contact>();
  const std::shared_ptr<broker_probe> probe_;
  std::shared_ptr<admin_line> admin_ = std::make_shared<admin_line>(settings_, contact_);
  /// Outlives the handle of each member, because the next handle must know which records are lost.
  const std::shared_ptr<leader_epochs> epochs_ = std::make_shared<leader_epochs>();
  std::atomic<bool> asked_ = false;
};

} // namespace

void administer_once(const cluster_settings& settings, std::chrono::milliseconds within,
                     const driver::admin_work& work) {
  admin_handle own{settings, std::make_shared<broker_contact>()};
  admin_requests session{own, within, admin_requests::deadline_in(within), [] { return false; }};
  work(session);
}

std::shared_ptr<driver> make_librdkafka_driver(cluster_settings settings) {
  return std::make_shared<librdkafka_driver>(std::move(settings));
}

} // namespace ottla::kafka
