#include <ottla/kafka/internal/driver/librdkafka/reader_core.hpp>

namespace ottla::kafka {

rd_kafka_topic_t* reader_core::topic(const std::string& name) {
  const std::scoped_lock guard{lock_};
  auto& found = topics_[name];
  if (!found)
    found.reset(rd_kafka_topic_new(handle_->native(), name.c_str(), nullptr));
  return found.get();
}

void reader_core::listen() {
  const std::scoped_lock guard{lock_};
  reader_.read_pending([this](std::optional<error> what) {
    // Only the failure of one broker names a cause.
    if (what && !(complaint_ && what->text.ends_with("brokers are down")))
      complaint_ = std::move(what);
  });
}

void reader_core::forget_complaint() {
  const std::scoped_lock guard{lock_};
  complaint_.reset();
}

std::optional<error> reader_core::complaint() {
  listen();
  const std::scoped_lock guard{lock_};
  return complaint_;
}

void reader_core::close() {
  const std::scoped_lock guard{lock_};
  topics_.clear();
}

} // namespace ottla::kafka
