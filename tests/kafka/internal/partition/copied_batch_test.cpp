#include <ottla/kafka/internal/partition/copied_batch.hpp>

#include <doctest/doctest.h>

using namespace ottla::kafka;

namespace {

struct original : batch_memory {
  std::string key = "k";
  std::string value = "v";
  std::string name = "n";

  std::optional<std::chrono::system_clock::time_point> timestamp(const message& of) const override {
    return std::chrono::system_clock::time_point{std::chrono::seconds{of.offset()}};
  }
  std::vector<header> headers(const message& of) const override {
    if (of.offset() != 7)
      return {};
    return {{name, value}, {name, {}}, {name, std::string_view{value.data(), 0}}};
  }
};

} // namespace

TEST_SUITE("copied_batch") {
  TEST_CASE("a copy has the keys, values, headers and times of its originals and outlives them") {
    auto from = std::make_unique<original>();
    const std::vector<message> messages{
      {5, from->key, from->value, from.get(), nullptr},
      {7, {}, {}, from.get(), nullptr},
      {8, {from->key.data(), 0}, from->value, from.get(), nullptr}};
    const auto copy = copied_batch::of(messages);
    from.reset();
    const auto all = copy->messages();
    REQUIRE(all.size() == 3);
    CHECK(all[0].offset() == 5);
    CHECK(all[0].key() == "k");
    CHECK(all[0].value() == "v");
    CHECK(all[0].timestamp().value().time_since_epoch() == std::chrono::seconds{5});
    CHECK(all[0].headers().empty());
    CHECK_FALSE(all[1].has_key());
    CHECK_FALSE(all[1].has_value());
    const auto headers = all[1].headers();
    REQUIRE(headers.size() == 3);
    CHECK(headers[0].name == "n");
    CHECK(headers[0].value == "v");
    CHECK(headers[1].value.data() == nullptr);
    CHECK(headers[2].value.data() != nullptr);
    CHECK(all[2].has_key());
    CHECK(all[2].key().empty());
  }

  TEST_CASE("a copy of an empty batch is empty") {
    CHECK(copied_batch::of({})->messages().empty());
  }
}
