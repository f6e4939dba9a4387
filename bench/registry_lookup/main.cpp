#include "registry_lookup/questions.hpp"
#include "registry_lookup/registry_messages.hpp"

#include <cstdlib>

int main(int argc, char** argv) {
  ottla::init_message_types();
  if (bench::weighed(argc, argv))
    return EXIT_SUCCESS;
  bench::suite all;
  const auto otp = std::make_shared<bench::otp_peer>();
  bench::add_in_place(all, otp);
  bench::add_whereis(all, otp);
  bench::add_kept_reference(all);
  bench::add_register_and_unregister(all, otp);
  bench::add_lookup_of_a_million(all);
  bench::add_longest_write(all, otp);
  bench::add_bytes_a_name(all, otp);
  return all.run(argc, argv);
}
