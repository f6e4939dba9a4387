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

std::shared_ptr<const send_buffer::room> send_buffer::take(std::size_t bytes) {
  auto used = used_.load();
  do {
    if (bytes > most_ || used > most_ - bytes)
      return nullptr;
  } while (!used_.compare_exchange_weak(used, used + bytes));
  return std::make_shared<const room>(shared_from_this(), bytes);
}

} // namespace ottla::kafka
