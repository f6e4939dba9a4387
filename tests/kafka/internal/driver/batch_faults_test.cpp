#include <ottla/kafka/internal/driver/librdkafka/batch_faults.hpp>

#include <doctest/doctest.h>

using namespace ottla::kafka;

TEST_SUITE("batch_faults") {
  TEST_CASE("each version of librdkafka has its own faults in returning batches") {
    struct {
      int version;
      bool skip_at_ends;
      bool survive_pauses;
    } const table[]{{0x020002ff, false, false}, {0x020100ff, false, true},
                    {0x020101ff, false, true},  {0x020200ff, true, false},
                    {0x020800ff, true, false},  {0x020d00ff, true, false},
                    {0x020d02ff, false, true},  {0x020f00ff, false, true}};
    for (const auto& row : table) {
      CAPTURE(row.version);
      CHECK(batches_skip_at_ends(row.version) == row.skip_at_ends);
      CHECK(batches_survive_pauses(row.version) == row.survive_pauses);
    }
  }
}
