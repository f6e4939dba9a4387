#include <ottla/kafka/error.hpp>

namespace ottla::kafka {

std::string_view to_string(errc code) noexcept {
  switch (code) {
    case errc::unreachable: return "unreachable";
    case errc::timed_out: return "timed_out";
    case errc::authentication_failed: return "authentication_failed";
    case errc::not_authorized: return "not_authorized";
    case errc::unknown_topic: return "unknown_topic";
    case errc::topic_exists: return "topic_exists";
    case errc::unknown_group: return "unknown_group";
    case errc::group_not_empty: return "group_not_empty";
    case errc::bad_setting: return "bad_setting";
    case errc::record_too_large: return "record_too_large";
    case errc::rebalance_in_progress: return "rebalance_in_progress";
    case errc::fenced: return "fenced";
    case errc::offset_out_of_range: return "offset_out_of_range";
    case errc::closed: return "closed";
    case errc::buffer_full: return "buffer_full";
    case errc::not_supported: return "not_supported";
    case errc::other: return "other";
  }
  return "unknown";
}

std::string to_string(const error& what) {
  return std::string{to_string(what.code)} + ": " + what.text;
}

} // namespace ottla::kafka
