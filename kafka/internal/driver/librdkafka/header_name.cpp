#include <ottla/kafka/internal/driver/librdkafka/header_name.hpp>

#include <array>
#include <cstddef>
#include <cstring>

namespace ottla::kafka {

namespace {

using namespace std::string_view_literals;

std::size_t length_beside(const char* name) noexcept {
  std::size_t length = 0;
  std::memcpy(&length, name - sizeof(char*) - sizeof length, sizeof length);
  return length;
}

bool lengths_stand_beside_names() noexcept {
  constexpr std::array names{"a"sv, "a\0b"sv, ""sv, "a longer name, with \0 two \0 in it"sv};
  auto* headers = rd_kafka_headers_new(names.size());
  bool as_expected = true;
  for (std::size_t index = 0; index < names.size(); ++index) {
    // Alternates null values and other values.
    const auto* value = index % 2 == 0 ? nullptr : "value";
    rd_kafka_header_add(headers, names[index].data(), static_cast<ssize_t>(names[index].size()),
                        value, value == nullptr ? 0 : 5);
    const char* name = nullptr;
    const void* read = nullptr;
    std::size_t size = 0;
    as_expected = as_expected
                  && rd_kafka_header_get_all(headers, index, &name, &read, &size)
                       == RD_KAFKA_RESP_ERR_NO_ERROR
                  && length_beside(name) == names[index].size();
  }
  rd_kafka_headers_destroy(headers);
  return as_expected;
}

} // namespace

std::string_view header_name(const char* from_librdkafka) noexcept {
  static const bool with_length = lengths_stand_beside_names();
  return with_length ? std::string_view{from_librdkafka, length_beside(from_librdkafka)}
                     : std::string_view{from_librdkafka};
}

} // namespace ottla::kafka
