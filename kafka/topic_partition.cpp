#include <ottla/kafka/topic_partition.hpp>

namespace ottla::kafka {

std::string to_string(const topic_partition& where) {
  return where.topic + '/' + std::to_string(where.partition);
}

} // namespace ottla::kafka
