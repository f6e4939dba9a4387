#include <ottla/kafka/extra_settings.hpp>

namespace ottla::kafka {

extra_settings::~extra_settings() = default;

} // namespace ottla::kafka
