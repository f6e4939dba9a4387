#include <ottla/kafka/internal/producer/send_buffer.hpp>

namespace ottla::kafka {

std::size_t send_buffer::bytes_of(std::span<const record> records) noexcept {
  std::size_t bytes = 0;
  for (const auto& each : records) {
    bytes += overhead_of_record;
    bytes += each.key ? each.key->size() : 0;
    bytes += each.value ? each.value->size() : 0;
    for (const auto& [name, value] : each.headers)
      bytes += sizeof(each.headers.front()) + name.size() + (value ? value->size() : 0);
  }
  return bytes;
}

} // namespace ottla::kafka
