#include <ottla/kafka/internal/admin/merged_configs.hpp>

#include <doctest/doctest.h>

#include <vector>

using namespace ottla::kafka;

namespace {

using configs = std::map<std::string, std::string>;

const config_owner topic = topic_configs{"t"};
const config_owner broker = broker_configs{1};

config_entry entry(std::string name, std::string value, config_source from) {
  return {.name = std::move(name), .value = std::move(value), .source = from};
}

} // namespace

TEST_SUITE("merged_configs") {
  TEST_CASE("configs of the owner are kept unless a change names them") {
    const std::vector now{entry("a", "1", config_source::topic),
                          entry("b", "2", config_source::topic)};
    const std::vector<config_change> changes{{"b", "3"}, {"c", "4"}};
    CHECK(*merge_configs(topic, now, changes) == configs{{"a", "1"}, {"b", "3"}, {"c", "4"}});
  }

  TEST_CASE("a change without a value removes the config") {
    const std::vector now{entry("a", "1", config_source::topic),
                          entry("b", "2", config_source::topic)};
    const std::vector<config_change> changes{{.name = "a"}, {.name = "unset"}};
    CHECK(*merge_configs(topic, now, changes) == configs{{"b", "2"}});
  }

  TEST_CASE("inherited configs are left out, since they would be set on the owner") {
    const std::vector now{entry("own", "1", config_source::topic),
                          entry("b", "2", config_source::broker),
                          entry("c", "3", config_source::all_brokers),
                          entry("d", "4", config_source::broker_properties),
                          entry("e", "5", config_source::built_in),
                          entry("f", "6", config_source::unknown)};
    const std::vector<config_change> changes{{"z", "9"}};
    CHECK(*merge_configs(topic, now, changes) == configs{{"own", "1"}, {"z", "9"}});
    CHECK(*merge_configs(broker, now, changes) == configs{{"b", "2"}, {"z", "9"}});
  }

  TEST_CASE("a secret config that is set on the owner must be in the changes") {
    const std::vector<config_entry> now{
      {.name = "password", .source = config_source::broker, .is_sensitive = true},
      entry("a", "1", config_source::broker)};
    const std::vector<config_change> others{{"a", "2"}};
    const auto refused = merge_configs(broker, now, others);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::not_supported);
    CHECK(refused.error().text
          == "librdkafka before 2.2 can only replace all configs of broker 1, and would remove its "
             "secret config \"password\"");
    const std::vector<config_change> named{{"password", "new"}};
    CHECK(*merge_configs(broker, now, named) == configs{{"a", "1"}, {"password", "new"}});
    const std::vector<config_change> removed{{.name = "password"}};
    CHECK(*merge_configs(broker, now, removed) == configs{{"a", "1"}});
  }

  TEST_CASE("a secret config that is inherited does not matter") {
    const std::vector<config_entry> now{
      {.name = "password", .source = config_source::broker_properties, .is_sensitive = true}};
    const std::vector<config_change> changes{{"a", "2"}};
    CHECK(*merge_configs(broker, now, changes) == configs{{"a", "2"}});
  }
}
