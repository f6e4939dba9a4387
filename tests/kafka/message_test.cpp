#include <ottla/kafka/message.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

using namespace std::chrono_literals;
using namespace std::string_view_literals;
using namespace ottla::kafka;

namespace {

/// Derives timestamp and headers from the offset of the message.
struct echo : batch_memory {
  std::optional<std::chrono::system_clock::time_point> timestamp(const message& of) const override {
    return std::chrono::system_clock::time_point{std::chrono::seconds{of.offset()}};
  }
  std::vector<header> headers(const message& of) const override {
    return std::vector<header>(static_cast<std::size_t>(of.offset()));
  }
};

} // namespace

TEST_SUITE("message") {
  TEST_CASE("an empty key differs from no key, and an empty value differs from a tombstone") {
    const message empty{0, ""sv, ""sv, nullptr, nullptr};
    CHECK(empty.has_key());
    CHECK(empty.has_value());
    const message null{0, {}, {}, nullptr, nullptr};
    CHECK_FALSE(null.has_key());
    CHECK_FALSE(null.has_value());
    CHECK(null.key() == empty.key());
    CHECK(null.value() == empty.value());
  }

  TEST_CASE("an empty value of a header differs from null") {
    CHECK(header{.name = "a", .value = ""}.has_value());
    CHECK_FALSE(header{.name = "a"}.has_value());
  }

  TEST_CASE("keys and values may hold any bytes") {
    const message one{0, "a\0b"sv, "\0\xff"sv, nullptr, nullptr};
    CHECK(one.key().size() == 3);
    CHECK(one.value() == "\0\xff"sv);
  }

  TEST_CASE("the timestamp and headers of a message come from the batch's memory") {
    const echo memory;
    const message one{2, {}, {}, &memory, nullptr};
    CHECK(one.timestamp() == std::chrono::system_clock::time_point{2s});
    CHECK(one.headers().size() == 2);
  }
}
