#include <ottla/configuration/reference.hpp>

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>

TEST_SUITE("settings_reference") {
  TEST_CASE("docs/configuration.md has the reference that the table of settings generates") {
    std::ifstream in{OTTLA_CONFIGURATION_PAGE};
    REQUIRE(in.is_open());
    const std::string page{std::istreambuf_iterator<char>{in}, {}};
    const auto reference = ottla::kafka::settings_reference();
    CAPTURE(reference);
    CHECK(page.find(reference) != std::string::npos);
  }
}
