#include "support/otp_program.hpp"

#include <ottla/actors/caf_messages.hpp>

#include <cstdlib>
#include <memory>

namespace bench {

int otp_program::run(int argc, char** argv) const {
  ottla::init_message_types();
  if (weighed(argc, argv))
    return EXIT_SUCCESS;
  suite all;
  add(all, std::make_shared<otp_peer>());
  return all.run(argc, argv);
}

} // namespace bench
