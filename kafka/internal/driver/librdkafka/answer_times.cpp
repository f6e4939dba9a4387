#include <ottla/kafka/internal/driver/librdkafka/answer_times.hpp>
#include <ottla/kafka/internal/driver/librdkafka/request_kinds.hpp>

namespace ottla::kafka {

std::optional<std::chrono::milliseconds> answer_times::of(std::int16_t request) const {
  switch (request) {
    case request_kind::fetch: return fetch;
    case request_kind::produce: return produce;
    case request_kind::offset_commit: return commit;
    case request_kind::join_group:
    case request_kind::sync_group: return std::nullopt;
    default: return std::chrono::milliseconds{0};
  }
}

} // namespace ottla::kafka
