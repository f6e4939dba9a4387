#include <ottla/kafka/internal/text/edit_distance.hpp>

#include <doctest/doctest.h>

using ottla::kafka::edit_distance;

TEST_SUITE("edit_distance") {
  TEST_CASE("each changed, deleted or inserted byte counts one") {
    CHECK(edit_distance("linger", "linger") == 0);
    CHECK(edit_distance("linger", "lingar") == 1);
    CHECK(edit_distance("linger", "liner") == 1);
    CHECK(edit_distance("linger", "lingers") == 1);
    CHECK(edit_distance("kitten", "sitting") == 3);
    CHECK(edit_distance("", "abc") == 3);
    CHECK(edit_distance("abc", "") == 3);
  }
}
