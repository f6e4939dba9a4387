#include <ottla/kafka/process_names.hpp>

namespace ottla::kafka {

std::string consumer_prefix(std::string_view topic) {
  return "consumer/" + std::string{topic} + "/";
}

std::string worker_name(const topic_partition& where) {
  return "worker/" + to_string(where);
}

std::string worker_name(std::int32_t partition) {
  return "worker/" + std::to_string(partition);
}

} // namespace ottla::kafka
