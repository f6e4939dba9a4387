#include <ottla/kafka/internal/driver/librdkafka/admin_handle.hpp>
#include <ottla/kafka/internal/driver/librdkafka/configuration.hpp>
#include <ottla/kafka/internal/driver/librdkafka/interceptors.hpp>

#include <utility>

namespace ottla::kafka {

namespace {

/// Whether the error names a cause. Other errors only say that a broker cannot be reached.
bool tells_why(const error& what) {
  return what.code == errc::authentication_failed;
}

} // namespace

admin_handle::admin_handle(cluster_settings of, std::shared_ptr<broker_contact> contact)
  : settings_{std::move(of)},
    contact_{std::move(contact)},
    lookups_{settings_, {}, "read_uncommitted"} {}

std::optional<error> admin_handle::open() {
  if (native_)
    return std::nullopt;
  configuration conf{settings_};
  conf.set_extra(settings_.extra);
  note_served_brokers(conf.get(), *contact_);
  rd_kafka_conf_set_events(conf.get(), RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_LOG);
  auto opened = conf.open(RD_KAFKA_PRODUCER);
  if (const auto* why = std::get_if<error>(&opened))
    return *why;
  native_.reset(std::get<rd_kafka_t*>(opened));
  reader_.emplace(native_.get(), contact_);
  return std::nullopt;
}

const std::optional<error>& admin_handle::complaint() {
  reader_->read_pending([this](std::optional<error> what) {
    if (what && (!complaint_ || !tells_why(*complaint_) || tells_why(*what)))
      complaint_ = std::move(what);
  });
  return complaint_;
}

void admin_handle::worked() {
  complaint();
  complaint_.reset();
}

void admin_handle::close() {
  lookups_.close();
  reader_.reset();
  native_.reset();
  complaint_.reset();
}

} // namespace ottla::kafka
