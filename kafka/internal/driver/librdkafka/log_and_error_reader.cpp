#include <ottla/kafka/internal/driver/librdkafka/error_codes.hpp>
#include <ottla/kafka/internal/driver/librdkafka/log_and_error_reader.hpp>
#include <ottla/kafka/internal/driver/librdkafka/mask_of_settings.hpp>
#include <ottla/kafka/internal/driver/librdkafka/owned.hpp>
#include <ottla/kafka/internal/text/on_one_line.hpp>

#include <cstddef>
#include <cstdio>
#include <string>
#include <utility>

namespace ottla::kafka {

namespace {

// Runs on a thread of the handle, during the TLS handshake.
int check_certificate(rd_kafka_t*, const char*, std::int32_t, int* x509_error, int, const char*,
                      std::size_t, char* why, std::size_t size, void*) {
  if (*x509_error == 0)
    return 1;
  std::snprintf(why, size, "%s", explain_certificate(*x509_error).c_str());
  return 0;
}

} // namespace

void explain_refused_certificates(rd_kafka_conf_t* conf) {
  rd_kafka_conf_set_ssl_cert_verify_cb(conf, check_certificate);
}

log_and_error_reader::log_and_error_reader(rd_kafka_t* native,
                                           std::shared_ptr<const broker_contact> contact)
  : native_{native}, contact_{std::move(contact)}, mask_{mask_of_settings(rd_kafka_conf(native))} {}

std::optional<std::string> log_and_error_reader::loss(std::string_view text) const {
  if (!contact_ || !contact_->has_served(broker_of(text)))
    return std::nullopt;
  return connection_faults::explain_loss(text);
}

std::optional<error> log_and_error_reader::read_error(rd_kafka_event_t* event) const {
  const auto* text = rd_kafka_event_error_string(event);
  if (text == nullptr || is_mere_disconnect(text))
    return std::nullopt;
  if (auto lost = loss(text))
    return to_error(RD_KAFKA_RESP_ERR__TRANSPORT, std::move(*lost));
  auto code = rd_kafka_event_error(event);
  if (code == RD_KAFKA_RESP_ERR__FATAL)
    code = rd_kafka_fatal_error(native_, nullptr, 0);
  // If the handshake fails during a read, librdkafka reports the code of a broken connection. Only
  // the text names the certificate.
  if (code == RD_KAFKA_RESP_ERR__TRANSPORT && is_refused_certificate(text))
    code = RD_KAFKA_RESP_ERR__SSL;
  auto what = to_error(code, plain(faults_.explain(text)));
  what.fatal = what.fatal || rd_kafka_event_error_is_fatal(event) != 0;
  return what;
}

log_line log_and_error_reader::read_log(rd_kafka_event_t* event) {
  const char* facility = nullptr;
  const char* text = nullptr;
  int level = 7;
  if (rd_kafka_event_log(event, &facility, &text, &level) != 0)
    return {};
  faults_.note_log(facility, text);
  return {.level = level, .facility = facility, .text = plain(text)};
}

void log_and_error_reader::read_pending(const std::function<void(std::optional<error>)>& note) {
  const owned_queue events{rd_kafka_queue_get_main(native_)};
  while (const owned_event event{rd_kafka_queue_poll(events.get(), 0)})
    if (rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_LOG)
      read_log(event.get());
    else if (rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_ERROR)
      note(read_error(event.get()));
}

std::string log_and_error_reader::plain(std::string_view text) const {
  return on_one_line(mask_.apply(text));
}

} // namespace ottla::kafka
