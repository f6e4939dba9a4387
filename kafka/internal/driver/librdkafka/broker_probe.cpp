#include <ottla/kafka/internal/driver/librdkafka/broker_probe.hpp>
#include <ottla/kafka/internal/driver/librdkafka/configuration.hpp>
#include <ottla/kafka/internal/driver/librdkafka/error_codes.hpp>
#include <ottla/kafka/internal/driver/librdkafka/interceptors.hpp>
#include <ottla/kafka/internal/driver/librdkafka/log_and_error_reader.hpp>
#include <ottla/kafka/internal/text/on_one_line.hpp>

#include <algorithm>
#include <utility>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

/// Longest delay until ask() notices a stop request.
constexpr auto slice = 250ms;

} // namespace

struct broker_probe::line {
  line(rd_kafka_t* opened, std::shared_ptr<const broker_contact> contact)
    : native{opened}, reader{opened, std::move(contact)} {}
  ~line() { rd_kafka_destroy(native); }
  line(const line&) = delete;
  line& operator=(const line&) = delete;

  /// Reads the handle's events, and keeps the last reported failure.
  void listen() {
    reader.read_pending([this](std::optional<error> what) { note(std::move(what)); });
  }

  /// The error "all brokers are down" is less useful than the cause at one broker.
  void note(std::optional<error> what) {
    if (what && (!complaint || !what->text.ends_with("brokers are down")))
      complaint = std::move(what);
  }

  rd_kafka_t* native;
  log_and_error_reader reader;
  std::optional<error> complaint;
};

broker_probe::broker_probe(cluster_settings of, std::shared_ptr<broker_contact> contact)
  : cluster_{std::move(of)}, contact_{std::move(contact)} {}

broker_probe::~broker_probe() = default;

std::optional<error> broker_probe::ask(std::chrono::milliseconds within,
                                       const std::stop_token& stop) {
  const auto until = clock::now() + within;
  const std::scoped_lock guard{one_at_a_time_};
  if (!line_ && !stop.stop_requested()) {
    configuration conf{cluster_};
    conf.set_extra(cluster_.extra);
    note_served_brokers(conf.get(), *contact_);
    rd_kafka_conf_set_events(conf.get(), RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_LOG);
    const auto opened = conf.open(RD_KAFKA_PRODUCER);
    if (const auto* why = std::get_if<error>(&opened))
      return *why;
    line_ = std::make_unique<line>(std::get<rd_kafka_t*>(opened), contact_);
  }
  while (!stop.stop_requested() && clock::now() < until) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - clock::now());
    const auto wait = std::clamp<std::chrono::milliseconds>(left, 1ms, slice);
    const rd_kafka_metadata_t* brokers = nullptr;
    // The handle has no topics, so the request names no topic and the answer is short.
    const auto code
      = rd_kafka_metadata(line_->native, 0, nullptr, &brokers, static_cast<int>(wait.count()));
    line_->listen();
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
      rd_kafka_metadata_destroy(brokers);
      line_->complaint.reset();
      return std::nullopt;
    }
  }
  auto text = "no broker of \"" + on_one_line(cluster_.brokers) + "\" answered within "
              + std::to_string(within.count()) + " ms";
  if (const auto why = line_ ? line_->complaint : std::nullopt) {
    if (why->code == errc::authentication_failed)
      return why;
    text += " (" + why->text + ")";
  }
  return error{.code = errc::unreachable, .retriable = true, .text = std::move(text)};
}

void broker_probe::close() {
  const std::scoped_lock guard{one_at_a_time_};
  line_.reset();
}

} // namespace ottla::kafka
